#define _GNU_SOURCE
#include "cshim.h"

#include <malloc.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

void shim_openssl_skip_cleanup(void) {
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
}

void shim_restrict_process(void) {
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void shim_return_memory(void) {
    // A value that is set stays fixed; otherwise glibc raises both to the size of the largest freed block. Larger blocks
    // are returned at once, and each of their pages costs a fault: 40 % of the time of a scrape of 1 MB.
    mallopt(M_MMAP_THRESHOLD, 2 << 20);
    mallopt(M_TRIM_THRESHOLD, 2 << 20);
    // Two threads allocate: the one of the printers and the one of the HTTP server.
    mallopt(M_ARENA_MAX, 2);
}

void shim_trim_memory(void) {
    malloc_trim(0);
}

char *const *shim_environment(void) {
    return environ;
}

void shim_forget_variable(const char *name) {
    size_t length = strlen(name);
    for (char **entry = environ; entry != NULL && *entry != NULL; entry++) {
        if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=') {
            char *value = *entry + length + 1;
            explicit_bzero(value, strlen(value));
        }
    }
}
