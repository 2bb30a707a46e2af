// Measures how long simdjson takes to parse a report into its document, without reading a value: simdjson FILE...

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <simdjson.h>
#include <vector>

static double processor_nanoseconds() {
    timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

int main(int count, char **arguments) {
    simdjson::dom::parser parser;
    for (int index = 1; index < count; index++) {
        simdjson::padded_string text = simdjson::padded_string::load(arguments[index]);
        std::vector<double> times;
        long runs = 1;
        while (times.size() < 9) {
            double start = processor_nanoseconds();
            for (long run = 0; run < runs; run++) {
                simdjson::dom::element document;
                if (parser.parse(text).get(document) != simdjson::SUCCESS) {
                    return 1;
                }
            }
            double elapsed = processor_nanoseconds() - start;
            if (elapsed < 1e7) {
                runs *= 2;
            } else {
                times.push_back(elapsed / runs);
            }
        }
        std::sort(times.begin(), times.end());
        std::printf("%s %zu %.1f\n", std::filesystem::path(arguments[index]).filename().c_str(), text.size(), times[4]);
    }
}
