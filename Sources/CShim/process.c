#define _GNU_SOURCE
#include "cshim.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

// posix_spawn cannot set a death signal, so this does its steps by hand: vfork with all signals blocked, then only
// system calls until exec.
int shim_spawn(const char *path, char *const arguments[], char *const environment[], int output) {
    volatile int failure = 0;
    sigset_t all, before;
    struct rlimit files;
    pid_t parent = getpid();
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool raise = getrlimit(RLIMIT_NOFILE, &files) == 0;
    files.rlim_cur = files.rlim_max;
    pid_t child = vfork();
    if (child == 0) {
        struct sigaction standard = {.sa_handler = SIG_DFL};
        const int signals[] = {SIGHUP, SIGINT, SIGPIPE, SIGTERM};
        for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
            sigaction(signals[i], &standard, NULL);
        }
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        // The parent may have died before the signal was requested.
        if (getppid() != parent || dup2(output, 1) < 0 || dup2(output, 2) < 0) {
            failure = errno;
            _exit(127);
        }
        setpgid(0, 0);
        close_range(3, ~0U, 0);
        if (raise) {
            setrlimit(RLIMIT_NOFILE, &files);
        }
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        execve(path, arguments, environment);
        failure = errno;
        _exit(127);
    }
    int code = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (child < 0) {
        return -code;
    }
    return failure == 0 ? child : -failure;
}

void shim_openssl_skip_cleanup(void) {
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
}

void shim_restrict_process(void) {
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void shim_return_memory(void) {
    // A value that is set stays fixed; otherwise glibc raises both to the size of the largest freed block.
    mallopt(M_MMAP_THRESHOLD, 128 << 10);
    mallopt(M_TRIM_THRESHOLD, 128 << 10);
    // Two threads allocate: the one of the printers and the one of the HTTP server.
    mallopt(M_ARENA_MAX, 2);
}

void shim_trim_memory(void) {
    malloc_trim(0);
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
