// SPDX-License-Identifier: GPL-2.0-or-later
/* A digit map in the first line, digits in the second, as they are dialled. */
#include "dialplan.h"
#include "input.h"

static void dial(const struct dialplan *plan, const char *digits)
{
	enum dialplan_result before = DIALPLAN_PARTIAL, result;
	size_t count = strlen(digits), i, length;

	for (i = 1; i <= count; i++) {
		result = dialplan_match(plan, digits, i, &length);
		MUST(result <= DIALPLAN_COMPLETE && length <= i);
		/* where no number begins, none goes on */
		if (before == DIALPLAN_NONE && digits[i - 1] != '#' && i > 1 &&
		    digits[i - 2] != '#')
			MUST(result == DIALPLAN_NONE);
		before = result;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	char *text = take_text(&input, '\n'), *digits = take_text(&input, '\n');
	struct dialplan plan;
	const char *error = NULL;
	size_t at = 0;

	if (!dialplan_parse(&plan, text, &error, &at)) {
		MUST(plan.alternatives && plan.alternatives <= DIALPLAN_ALTERNATIVES_MAX);
		MUST(plan.elements <= DIALPLAN_ELEMENTS_MAX);
		dial(&plan, digits);
	} else {
		MUST(error && *error && at <= strlen(text));
	}
	free(text);
	free(digits);
	return 0;
}
