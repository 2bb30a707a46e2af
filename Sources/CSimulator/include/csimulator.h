#ifndef BAMBU_CSIMULATOR_H
#define BAMBU_CSIMULATOR_H

#pragma GCC visibility push(default)

/// Starts the program at `path` with both its outputs in `output`, no other descriptor of ours but standard input,
/// no signal blocked, in a process group of its own, and killed by the kernel when the *thread* that called this ends.
/// Returns its process id, or a negated errno.
int simulator_spawn(const char *path, char *const arguments[], char *const environment[], int output);

#pragma GCC visibility pop

#endif
