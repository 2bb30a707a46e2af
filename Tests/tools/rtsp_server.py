#!/usr/bin/python3
"""GStreamer's RTSP server with TLS and a password: an independent camera for the tests of probes.

    rtsp_server.py CERTIFICATE KEY USER PASSWORD [--rate=30] [--size=1280x720] [--codec=h264] [--auth=digest]

Prints its port on a line of its own once it listens, on 127.0.0.1 alone, and serves /streaming/live/1 until its standard
input ends.
"""

import argparse
import os
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gio, GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402


def pipeline(arguments):
    width, height = arguments.size.split("x")
    source = (
        f"videotestsrc is-live=true pattern=ball ! video/x-raw,width={width},height={height},"
        f"framerate={arguments.rate}/1"
    )
    if arguments.codec == "h265":
        return f"( {source} ! x265enc speed-preset=ultrafast tune=zerolatency ! rtph265pay name=pay0 pt=97 )"
    return (
        f"( {source} ! x264enc speed-preset=ultrafast tune=zerolatency bitrate=2000 key-int-max=30 "
        "! rtph264pay name=pay0 pt=96 config-interval=-1 )"
    )


def main():
    parser = argparse.ArgumentParser()
    for name in ("certificate", "key", "user", "password"):
        parser.add_argument(name)
    parser.add_argument("--rate", default="30")
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--codec", default="h264")
    parser.add_argument("--auth", default="digest")
    arguments = parser.parse_args()

    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")

    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(pipeline(arguments))
    factory.set_shared(True)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role("viewer", "media.factory.access", True)
    permissions.add_permission_for_role("viewer", "media.factory.construct", True)
    factory.set_permissions(permissions)
    server.get_mount_points().add_factory("/streaming/live/1", factory)

    auth = GstRtspServer.RTSPAuth()
    auth.set_tls_certificate(Gio.TlsCertificate.new_from_files(arguments.certificate, arguments.key))
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    if arguments.auth == "basic":
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.BASIC)
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(arguments.user, arguments.password), token)
    else:
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(arguments.user, arguments.password, token)
    server.set_auth(auth)

    server.attach(None)
    print(server.get_bound_port(), flush=True)
    # The process that started the server has ended, so the server ends too.
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    GLib.MainLoop().run()


main()
