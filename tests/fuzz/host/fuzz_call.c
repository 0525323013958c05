// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The call table, whatever happens in whichever order, with the promises that
 * the unit test asks of each single step.
 *
 * An input is a byte of profile, then events of four bytes.
 */
#include "input.h"

#define main test_call_main
#include "test_call.c"
#include "transcript.c"
#undef main

static void draw_event(struct input *input, struct call_in *in)
{
	static const int statuses[] = { 0, 180, 183, 200, 300, 401, 404, 408, 415, 480, 486,
					487, 488, 500, 503, 603 };
	uint8_t event = take8(input), status = take8(input), value = take8(input),
		bits = take8(input);

	*in = (struct call_in){
		.event = event % CALL_EVENT_COUNT,
		.status = status & 16 ? 100 + status * 2 : statuses[status & 15],
		.value = value % 16,
		.ms = value * 100,
		.cause = value % TREATMENT_CAUSE_COUNT,
		.media = (bits & 3) % 3,
		.held = bits & 4,
		.mute = bits & 8,
	};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	uint8_t bits = take8(&input);
	struct call_out out;
	struct call_in in;
	struct call call;

	transcript_reset(false);
	transcript_profile.silence_ms = bits & 1 ? 5000 : 0;
	transcript_profile.howler_ms = bits & 2 ? 60000 : 0;
	transcript_profile.hold_tone = bits & 4;
	call_init(&call, &transcript_profile);
	while (input.left) {
		enum call_state from = call.state;

		draw_event(&input, &in);
		if (!call_step(&call, &in, &out)) {
			MUST(call.state == from && !out.count);
			continue;
		}
		MUST(call.state < CALL_STATE_COUNT && out.count <= CALL_OUT_MAX);
		MUST(call.digit_count <= CALL_DIGITS_MAX && !call.digits[call.digit_count]);
		MUST(!check(from, &in, call.state, &out));
	}
	return 0;
}
