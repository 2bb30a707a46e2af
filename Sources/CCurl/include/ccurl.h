#ifndef BAMBU_CCURL_H
#define BAMBU_CCURL_H

// libcurl, loaded by the first request: it depends on 27 libraries, which printers on the LAN do not need. Swift
// imports only this header. A multi handle and its transfers must be used by one thread.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/// Loads the shared library `name`. Returns NULL, or the loader's error, which is valid until the thread's next call.
///
/// A loaded library is never unloaded. May be called from any thread.
const char *ccurl_load(const char *name);

/// Requests of libcurl to the event loop. Both callbacks are called during `ccurl_ready`, `ccurl_due`, `ccurl_start`
/// and `ccurl_end`, and must not call libcurl.
struct ccurl_events {
    void *context;
    /// Watch `fd` for the events that are true, or stop watching it if both are false. `transfer` is its number.
    void (*watch)(void *context, uint64_t transfer, int fd, bool read, bool write);
    /// Call `ccurl_due` in `milliseconds`; -1 cancels that.
    void (*schedule)(void *context, long milliseconds);
};

struct ccurl_multi;
struct ccurl_transfer;

/// A request. All strings are copied, and wiped with the transfer.
struct ccurl_request {
    uint64_t number;
    const char *url;
    const char *method;
    /// `Name: value`, `header_count` of them.
    const char *const *headers;
    size_t header_count;
    /// NULL if there is no body.
    const char *body;
    size_t body_length;
    /// `host:port:address,…`, or NULL: then libcurl looks up names, each on a thread that is not waited for.
    const char *addresses;
    /// Whether plain HTTP is permitted.
    bool allows_plain;
    /// The maximum number of bytes of header and trailer lines, and of the body.
    size_t header_limit, body_limit;
    /// The authorities, and the function that makes an `SSL_CTX` trust them; it is called during `ccurl_ready` and
    /// `ccurl_due`. Both must be valid until `ccurl_end`. NULL: libcurl reads the system's authorities.
    void *authorities;
    void (*trust)(void *ssl_context, void *authorities);
    /// The version of the OpenSSL that `authorities` are of. They are ignored if libcurl uses another library.
    const char *openssl;
};

enum ccurl_outcome {
    CCURL_ANSWERED,
    CCURL_NO_HOST,
    CCURL_NO_CONNECTION,
    CCURL_LOST,
    CCURL_TIMEOUT,
    CCURL_UNTRUSTED,
    CCURL_TOO_LONG,
    CCURL_FAILED,
};

/// The result of a finished transfer, which owns the buffers.
struct ccurl_result {
    uint64_t number;
    enum ccurl_outcome outcome;
    /// libcurl's message, for `CCURL_FAILED`.
    const char *reason;
    long status;
    /// The header lines of the last response, each with its line end, without trailers.
    const char *headers;
    size_t headers_length;
    const char *body;
    size_t body_length;
};

/// Returns NULL if libcurl fails. `ccurl_load` must have succeeded.
struct ccurl_multi *ccurl_multi_create(struct ccurl_events events);
/// All transfers must have been ended.
void ccurl_multi_destroy(struct ccurl_multi *multi);

/// Returns NULL if libcurl fails.
struct ccurl_transfer *ccurl_start(struct ccurl_multi *multi, const struct ccurl_request *request);
/// Ends a running or finished transfer, and frees it.
void ccurl_end(struct ccurl_multi *multi, struct ccurl_transfer *transfer);

void ccurl_ready(struct ccurl_multi *multi, int fd, bool readable, bool writable, bool broken);
void ccurl_due(struct ccurl_multi *multi);
/// Returns the next finished transfer in `result`; false if no transfer has finished. The caller must still call `ccurl_end`.
bool ccurl_take(struct ccurl_multi *multi, struct ccurl_result *result);

#pragma GCC visibility pop

#endif
