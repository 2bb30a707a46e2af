#ifndef BAMBU_CSIMULATOR_H
#define BAMBU_CSIMULATOR_H

#pragma GCC visibility push(default)

/// Starts the program at `path` and returns its process id, or a negated errno.
///
/// Its standard output and error go to `output`, and it inherits no other descriptor except standard input. It has no
/// blocked signals and its own process group. The kernel kills it when the *thread* that called this function ends.
int simulator_spawn(const char *path, char *const arguments[], char *const environment[], int output);

#pragma GCC visibility pop

#endif
