// Serves the series of an exposition with VictoriaMetrics/metrics, as a Go exporter would: created once, then scraped.
//
//	victoria FILE ADDRESS
//
// The library writes neither HELP nor TYPE lines and does not compress, so answers are compressed here, at the fastest level.
package main

import (
	"compress/gzip"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/VictoriaMetrics/metrics"
	"github.com/prometheus/common/expfmt"
)

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
	set := metrics.NewSet()
	for name, family := range families {
		if strings.HasPrefix(name, "process_") {
			continue
		}
		for _, metric := range family.Metric {
			var labels []string
			for _, label := range metric.Label {
				labels = append(labels, label.GetName()+"="+strconv.Quote(label.GetValue()))
			}
			series := name
			if len(labels) > 0 {
				series += "{" + strings.Join(labels, ",") + "}"
			}
			set.NewFloatCounter(series).Set(metric.GetGauge().GetValue() + metric.GetCounter().GetValue())
		}
	}
	families = nil
	http.HandleFunc("/metrics", func(writer http.ResponseWriter, request *http.Request) {
		if !strings.Contains(request.Header.Get("Accept-Encoding"), "gzip") {
			set.WritePrometheus(writer)
			metrics.WriteProcessMetrics(writer)
			return
		}
		writer.Header().Set("Content-Encoding", "gzip")
		compressor, _ := gzip.NewWriterLevel(writer, gzip.BestSpeed)
		set.WritePrometheus(compressor)
		metrics.WriteProcessMetrics(compressor)
		compressor.Close()
	})
	log.Fatal(http.ListenAndServe(os.Args[2], nil))
}
