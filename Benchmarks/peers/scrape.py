"""Serves the series of an exposition with Python's prometheus_client, as an exporter would: registered once, then scraped.

    scrape.py FILE PORT
"""

import sys
import threading

import prometheus_client
from prometheus_client.parser import text_string_to_metric_families

with open(sys.argv[1]) as file:
    for family in text_string_to_metric_families(file.read()):
        if family.name.startswith("process_"):
            continue
        names = list(family.samples[0].labels)
        gauge = prometheus_client.Gauge(family.name, family.documentation, names)
        for sample in family.samples:
            (gauge.labels(**sample.labels) if names else gauge).set(sample.value)
prometheus_client.start_http_server(int(sys.argv[2]), addr="127.0.0.1")
threading.Event().wait()
