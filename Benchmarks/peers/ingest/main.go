// Measures encoding/json with a report: into the fields that a small exporter declares, and into maps.
//
//	ingest typed|maps FILE...
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"sort"
	"syscall"
)

type tray struct {
	ID     string `json:"id"`
	Remain int    `json:"remain"`
	Type   string `json:"tray_type"`
	Color  string `json:"tray_color"`
	Weight string `json:"tray_weight"`
}

type unit struct {
	ID          string `json:"id"`
	Humidity    string `json:"humidity"`
	HumidityRaw string `json:"humidity_raw"`
	Temp        string `json:"temp"`
	Tray        []tray `json:"tray"`
}

type report struct {
	Print struct {
		State        string  `json:"gcode_state"`
		Percent      int     `json:"mc_percent"`
		Remaining    int     `json:"mc_remaining_time"`
		Layer        int     `json:"layer_num"`
		Layers       int     `json:"total_layer_num"`
		Nozzle       float64 `json:"nozzle_temper"`
		NozzleTarget float64 `json:"nozzle_target_temper"`
		Bed          float64 `json:"bed_temper"`
		BedTarget    float64 `json:"bed_target_temper"`
		Chamber      float64 `json:"chamber_temper"`
		Task         string  `json:"subtask_name"`
		File         string  `json:"gcode_file"`
		Signal       string  `json:"wifi_signal"`
		CoolingFan   string  `json:"cooling_fan_speed"`
		HeatbreakFan string  `json:"heatbreak_fan_speed"`
		AuxiliaryFan string  `json:"big_fan1_speed"`
		ChamberFan   string  `json:"big_fan2_speed"`
		Speed        int     `json:"spd_lvl"`
		PrintError   int     `json:"print_error"`
		Stage        int     `json:"stg_cur"`
		AMS          struct {
			Units    []unit `json:"ams"`
			TrayNow  string `json:"tray_now"`
			UnitBits string `json:"ams_exist_bits"`
			TrayBits string `json:"tray_exist_bits"`
		} `json:"ams"`
	} `json:"print"`
}

// processorTime counts all threads, including the garbage collector's.
func processorTime() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	return float64(usage.Utime.Nano() + usage.Stime.Nano())
}

// nanoseconds is the median of rounds of a few milliseconds each.
func nanoseconds(work func()) float64 {
	var times []float64
	for runs := 1; len(times) < 9; {
		start := processorTime()
		for run := 0; run < runs; run++ {
			work()
		}
		elapsed := processorTime() - start
		if elapsed < 2e7 {
			runs *= 2
		} else {
			times = append(times, elapsed/float64(runs))
		}
	}
	sort.Float64s(times)
	return times[len(times)/2]
}

func main() {
	for _, path := range os.Args[2:] {
		data, err := os.ReadFile(path)
		if err != nil {
			log.Fatal(err)
		}
		each := nanoseconds(func() {
			if os.Args[1] == "typed" {
				var into report
				err = json.Unmarshal(data, &into)
			} else {
				var into map[string]interface{}
				err = json.Unmarshal(data, &into)
			}
		})
		if err != nil {
			log.Fatal(path, err)
		}
		fmt.Println(filepath.Base(path), len(data), each)
	}
}
