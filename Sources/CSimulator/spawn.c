#define _GNU_SOURCE
#include "csimulator.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

// posix_spawn cannot ask for a death signal, hence the two steps it takes, by hand: vfork with every signal blocked,
// then system calls alone until exec.
int simulator_spawn(const char *path, char *const arguments[], char *const environment[], int output) {
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
        // The parent may have died before it was asked for.
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
