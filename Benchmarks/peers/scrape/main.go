// Serves the series of an exposition with client_golang, as a Go exporter would: registered once, then scraped.
//
//	scrape FILE ADDRESS
package main

import (
	"log"
	"net/http"
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
)

func register(family *dto.MetricFamily) {
	var names []string
	for _, label := range family.Metric[0].Label {
		names = append(names, label.GetName())
	}
	gauge := prometheus.NewGaugeVec(
		prometheus.GaugeOpts{Name: family.GetName(), Help: family.GetHelp()}, names)
	for _, metric := range family.Metric {
		values := prometheus.Labels{}
		for _, label := range metric.Label {
			values[label.GetName()] = label.GetValue()
		}
		value := metric.GetGauge().GetValue() + metric.GetCounter().GetValue()
		gauge.With(values).Set(value)
	}
	prometheus.MustRegister(gauge)
}

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var parser expfmt.TextParser
	families, err := parser.TextToMetricFamilies(file)
	if err != nil {
		log.Fatal(err)
	}
	for name, family := range families {
		// The process_ metrics come from the default registry, as in any Go exporter.
		if len(name) < 8 || name[:8] != "process_" {
			register(family)
		}
	}
	families = nil
	http.Handle("/metrics", promhttp.HandlerFor(
		prometheus.DefaultGatherer, promhttp.HandlerOpts{EnableOpenMetrics: true}))
	log.Fatal(http.ListenAndServe(os.Args[2], nil))
}
