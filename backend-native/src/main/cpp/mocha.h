// The C interface of the library: all that Java calls. Handles are addresses; 0 means failure, and mocha_error() says why.
#pragma once
#include <cstdint>

#if defined(_WIN32)
#define MOCHA_EXPORT extern "C" __declspec(dllexport)
#else
#define MOCHA_EXPORT extern "C" __attribute__((visibility("default")))
#endif

// Of this interface; Java refuses a library with another.
constexpr int32_t MOCHA_VERSION = 2;

MOCHA_EXPORT int32_t mocha_version();
// Libraries in use and their versions, instruction set, for people.
MOCHA_EXPORT const char *mocha_description();
// The message of the last failed call of this thread.
MOCHA_EXPORT const char *mocha_error();

// A device: how many threads work for a program at most. Results do not depend on that number.
MOCHA_EXPORT int64_t mocha_device(int32_t threads);
MOCHA_EXPORT void mocha_device_close(int64_t device);

// A plan: a name and its arguments, see args.h for how they are encoded.
MOCHA_EXPORT int64_t mocha_plan(int64_t device, const char *name, const int64_t *whole, int32_t wholes,
                                const double *reals, int32_t real_count);
// Writes scratch bytes, saved bytes, and then for each layout that the plan chose: whether it is plain, how many elements a
// tensor takes in it, its words (count first).
// Returns how many words there are, which may be more than were written; -1 is failure.
MOCHA_EXPORT int32_t mocha_plan_info(int64_t plan, int64_t *out, int32_t capacity);
MOCHA_EXPORT void mocha_plan_close(int64_t plan);

// A program: for each command the words plan, number of inputs, their addresses, number of outputs, their addresses,
// scratch, saved, status. Plans must outlive it.
MOCHA_EXPORT int64_t mocha_program(int64_t device, const int64_t *words, int64_t count);
// Runs all commands in order; 0 is success. One thread at a time per program.
MOCHA_EXPORT int32_t mocha_run(int64_t program);
MOCHA_EXPORT void mocha_program_close(int64_t program);

// Zeroed memory aligned to 64 bytes; 0 if there is none left.
MOCHA_EXPORT int64_t mocha_allocate(int64_t bytes);
MOCHA_EXPORT void mocha_free(int64_t address, int64_t bytes);
