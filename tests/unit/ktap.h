/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ktap: the least that a unit test in plain C needs. A test is a function
 * without arguments; CHECK() notes what is wrong and goes on, so that a table
 * of cases shows all that fail.
 *
 *	static void test_something(void) { CHECK(x == 1, "x is %d", x); }
 *	KTAP_MAIN(TEST(test_something), TEST(test_more))
 *
 * Arguments of the program name the tests to run.
 */
#ifndef POTS_TESTS_KTAP_H
#define POTS_TESTS_KTAP_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct ktap_test {
	const char *name;
	void (*run)(void);
};

static bool ktap_failed;

#define CHECK(condition, ...) do { \
	if (!(condition)) { \
		ktap_failed = true; \
		printf("# %s:%d: %s: ", __FILE__, __LINE__, #condition); \
		printf(__VA_ARGS__); \
		printf("\n"); \
	} \
} while (0)

#define NOTE(...) do { \
	printf("# "); \
	printf(__VA_ARGS__); \
	printf("\n"); \
} while (0)

static inline bool ktap_wanted(const char *name, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(name, argv[i]))
			return true;
	return argc < 2;
}

static inline int ktap_run(const struct ktap_test *tests, unsigned int count,
			   int argc, char **argv)
{
	unsigned int i, number = 0, failed = 0, planned = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 0; i < count; i++)
		planned += ktap_wanted(tests[i].name, argc, argv);
	printf("KTAP version 1\n1..%u\n", planned);

	for (i = 0; i < count; i++) {
		if (!ktap_wanted(tests[i].name, argc, argv))
			continue;
		ktap_failed = false;
		tests[i].run();
		printf("%sok %u %s\n", ktap_failed ? "not " : "", ++number,
		       tests[i].name);
		failed += ktap_failed;
	}
	return failed || !number;
}

#define TEST(function)	{ #function, function }

#define KTAP_MAIN(...) \
int main(int argc, char **argv) \
{ \
	static const struct ktap_test tests[] = { __VA_ARGS__ }; \
	return ktap_run(tests, sizeof(tests) / sizeof(tests[0]), argc, argv); \
}

#endif /* POTS_TESTS_KTAP_H */
