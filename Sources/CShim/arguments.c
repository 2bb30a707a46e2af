#define _GNU_SOURCE
#include "cshim.h"

#include <getopt.h>
#include <stdlib.h>

bool shim_next_argument(int count, char *const arguments[], const char *const names[], const bool takes_value[],
                        int flags, bool restart, struct shim_argument *found) {
    struct option *options = calloc((size_t)flags + 1, sizeof *options);
    *found = (struct shim_argument){.flag = -1};
    if (options == NULL) {
        return false;
    }
    for (int i = 0; i < flags; i++) {
        options[i] = (struct option){.name = names[i],
                                     .has_arg = takes_value[i] ? required_argument : no_argument,
                                     .val = 256 + i};
    }
    if (restart) {
        // 0 instead of 1 makes glibc reset its position.
        optind = 0;
    }
    opterr = 0;
    // '-' returns operands in place; ':' distinguishes a missing value from an unknown flag.
    int result = getopt_long(count, arguments, "-:", options, NULL);
    int wanted = optopt;
    free(options);
    if (result == -1) {
        return false;
    }
    if (result == 1) {
        found->value = optarg;
    } else if (result >= 256) {
        found->flag = result - 256;
        found->value = optarg;
    } else {
        found->given = arguments[optind > 0 ? optind - 1 : 0];
        // A value for a flag that takes none is reported as '?' with the flag's number in `optopt`.
        found->problem = result == '?' && wanted >= 256 ? '=' : result;
    }
    return true;
}
