// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a trunk does about events, and whom SIP and telephones may call: the
 * very exec.c, exec_trunk.c and route.c, in the world of exec_world.h.
 */
#include <errno.h>
#include <string.h>

#include "exec_world.h"
#include "route.h"
#include "kselftest_harness.h"

FIXTURE(trunk) {
	struct agent agent;
	struct config_line configs[2];
	struct line lines[2];
	struct sip_incoming in;
	struct route route;
};

#define TRUNK	(&self->lines[1])
#define CONFIG	(&self->configs[1].trunk)

static char pstn[] = "pstn", telephone[] = "1", none[] = "", plus[] = "00", number[] = "101";

FIXTURE_SETUP(trunk)
{
	world_start();
	self->agent.loop = ev_default_loop(0);
	self->agent.self = SELF;
	self->agent.lines = self->lines;
	treatment_init(&self->agent.config.treatments);
	for (unsigned int i = 0; i < 2; i++) {
		struct config_line *config = &self->configs[i];

		config->is_trunk = i;
		config->name = i ? pstn : telephone;
		config->title = config->name;
		config->number = i ? none : number;
		config->display_name = none;
		config->international_prefix = plus;
		config->no_answer_ms = 180000;
		config->trunk.route = none;
		config->trunk.prefix = none;
		config->trunk.emergency = none;
		config->trunk.answer_ms = 10000;
		config->trunk.guard_ms = 1000;
		config->trunk.ends = 15;
		ASSERT_EQ(0, line_init(&self->lines[i], &self->agent, config, OFFICE));
		PORT(PORT_BACK, 0);
		self->agent.line_count++;
	}
	world.notes[0] = 0;
	self->in.account = OFFICE;
	self->in.caller_user = "102";
	self->in.called_user = "";
	self->in.hops = 70;
}

FIXTURE_TEARDOWN(trunk)
{
	line_free(&self->lines[0]);
	line_free(&self->lines[1]);
}

static void tell(const char *name, const char *caller)
{
	unsigned char *at = world.heard.data;
	size_t len = strlen(caller), name_len = strlen(name);

	world.heard.signal = POTS_CID_BELL202;
	*at++ = 0x80;
	*at++ = (unsigned char)(len + name_len + 4);
	*at++ = 0x02;
	*at++ = (unsigned char)len;
	at = (unsigned char *)mempcpy(at, caller, len);
	*at++ = 0x07;
	*at++ = (unsigned char)name_len;
	memcpy(at, name, name_len);
	world.heard.count = (unsigned int)(len + name_len + 7);
}

TEST_F(trunk, caller_of_the_exchange)
{
	tell("Bob", "030123");
	PORT(PORT_RING, 0);
	EXPECT_STREQ("INVITE gateway by office from 030123 Bob ", world.notes);
	world.notes[0] = 0;
	world.far_end->answered(TRUNK, "", 0);
	EXPECT_STREQ("seize ", world.notes);
	EXPECT_EQ(CALL_THROUGH, TRUNK->call.state);
	PORT(PORT_BATTERY, 0);
	EXPECT_STREQ("seize hang-up drop ", world.notes);
}

TEST_F(trunk, caller_who_is_nobody)
{
	PORT(PORT_RING, 0);
	EXPECT_STREQ("INVITE gateway by office from account ", world.notes);
}

TEST_F(trunk, caller_who_wants_to_be_nobody)
{
	tell("", "P");
	PORT(PORT_RING, 0);
	EXPECT_STREQ("INVITE gateway by office from account anonymous ", world.notes);
}

TEST_F(trunk, caller_for_a_telephone)
{
	CONFIG->route = number;
	PORT(PORT_RING, 0);
	EXPECT_STREQ("INVITE 101 by self from pstn ", world.notes);
	world.notes[0] = 0;
	world.far_end->failed(TRUNK, 486, 0, "Busy Here");
	EXPECT_STREQ("seize ", world.notes);
	EXPECT_EQ(CALL_REFUSING, TRUNK->call.state);
}

TEST_F(trunk, no_way_to_the_account)
{
	world.invite_error = -ENOTCONN;
	PORT(PORT_RING, 0);
	EXPECT_EQ(CALL_REFUSING, TRUNK->call.state);
}

#define CALLS(call_, digits_, urgent_) ({ \
	self->route = (struct route){ .line = TRUNK, .dials = true, .urgent = urgent_ }; \
	strcpy(self->route.digits, digits_); \
	line_invite(TRUNK, call_, &self->in, &self->route); \
})
#define DIALS(digits_, urgent_) CALLS(CALL, digits_, urgent_)
#define FIRST	((struct sip_call *)"first")

TEST_F(trunk, one_stage)
{
	ASSERT_EQ(0, DIALS("0301234", false));
	EXPECT_STREQ("seize dial 0301234 ", world.notes);
	PORT(PORT_DIALLED, 0);
	EXPECT_STREQ("seize dial 0301234 183 ", world.notes);
	EXPECT_EQ(CALL_AWAITED, TRUNK->call.state);
	world.notes[0] = 0;
	PORT(PORT_HEARD, POTS_TONE_BUSY);
	EXPECT_STREQ("hang-up 486 ", world.notes);
}

TEST_F(trunk, no_dial_tone)
{
	ASSERT_EQ(0, DIALS("0301234", false));
	PORT(PORT_DIALLED, ETIMEDOUT);
	EXPECT_STREQ("seize dial 0301234 hang-up 503 ", world.notes);
}

/* A number that its port does not take, by pulses perhaps. */
TEST_F(trunk, cannot_be_dialled)
{
	world.dial_error = -EINVAL;
	ASSERT_EQ(0, DIALS("030*", false));
	EXPECT_STREQ("seize dial 030* hang-up 503 ", world.notes);
	EXPECT_EQ(CALL_GUARD, TRUNK->call.state);
}

TEST_F(trunk, emergency)
{
	ASSERT_EQ(0, DIALS("112", true));
	EXPECT_STREQ("seize! dial 112 ", world.notes);
}

TEST_F(trunk, recall)
{
	CONFIG->answer_ms = 0;
	TRUNK->profile.answer_ms = 0;
	ASSERT_EQ(0, DIALS("0301234", false));
	PORT(PORT_DIALLED, 0);
	ASSERT_EQ(CALL_THROUGH, TRUNK->call.state);
	world.notes[0] = 0;
	world.far_end->flash(TRUNK);
	EXPECT_STREQ("flash ", world.notes);
	world.sound->digit(TRUNK, MEDIA_FLASH, true, 0);
	world.sound->digit(TRUNK, MEDIA_FLASH, false, 100);
	EXPECT_STREQ("flash flash ", world.notes);
	/* a telephone is rung up by nothing of this */
	world.far_end->flash(&self->lines[0]);
	world.sound->digit(&self->lines[0], MEDIA_FLASH, true, 0);
	EXPECT_EQ(0, self->lines[0].call.unexpected);
	EXPECT_STREQ("flash flash ", world.notes);
}

TEST_F(trunk, emergency_takes_the_line)
{
	ASSERT_EQ(0, CALLS(FIRST, "0301234", false));
	PORT(PORT_DIALLED, 0);
	world.notes[0] = 0;
	ASSERT_EQ(0, DIALS("112", true));
	EXPECT_STREQ("503 ", world.notes);
	EXPECT_EQ(CALL_AWAITED, TRUNK->call.state);

	TRUNK->profile.preempts = true;
	world.notes[0] = 0;
	ASSERT_EQ(0, DIALS("0309", false));
	EXPECT_STREQ("503 ", world.notes);
	world.notes[0] = 0;
	ASSERT_EQ(0, DIALS("112", true));
	EXPECT_STREQ("hang-up drop ", world.notes);
	EXPECT_EQ(CALL, TRUNK->sip);
	line_post(TRUNK, &(struct call_in){ .event = IN_TIMER });
	EXPECT_STREQ("hang-up drop seize! dial 112 ", world.notes);
	PORT(PORT_DIALLED, 0);
	EXPECT_STREQ("hang-up drop seize! dial 112 183 ", world.notes);

	/* but not from another emergency call */
	world.notes[0] = 0;
	ASSERT_EQ(0, CALLS(FIRST, "110", true));
	EXPECT_STREQ("503 ", world.notes);
	EXPECT_EQ(CALL, TRUNK->sip);
	EXPECT_EQ(CALL_AWAITED, TRUNK->call.state);
}

TEST_F(trunk, cannot_be_seized)
{
	world.seize_error = -EBUSY;
	ASSERT_EQ(0, DIALS("1", false));
	EXPECT_STREQ("seize hang-up 503 ", world.notes);
	EXPECT_EQ(CALL_GUARD, TRUNK->call.state);
}

/* Nobody is told 200 for a line that there is not. */
TEST_F(trunk, cannot_be_seized_for_two_stages)
{
	world.seize_error = -ENOLINK;
	self->route = (struct route){ .line = TRUNK };
	ASSERT_EQ(0, line_invite(TRUNK, CALL, &self->in, &self->route));
	EXPECT_STREQ("seize hang-up drop ", world.notes);
}

TEST_F(trunk, two_stages)
{
	self->route = (struct route){ .line = TRUNK };
	ASSERT_EQ(0, line_invite(TRUNK, CALL, &self->in, &self->route));
	EXPECT_STREQ("seize 200 ", world.notes);
	line_post(TRUNK, &(struct call_in){ .event = IN_REMOTE_DIGIT, .value = 1 });
	line_post(TRUNK, &(struct call_in){ .event = IN_REMOTE_DIGIT, .value = 2 });
	line_post(TRUNK, &(struct call_in){ .event = IN_REMOTE_DIGIT, .value = 3 });
	EXPECT_STREQ("seize 200 dial on 1 ", world.notes);
	PORT(PORT_DIALLED, 0);
	EXPECT_STREQ("seize 200 dial on 1 dial on 2 ", world.notes);
	PORT(PORT_DIALLED, 0);
	EXPECT_STREQ("seize 200 dial on 1 dial on 2 dial on 3 ", world.notes);
}

/* ---------------------------------------------------------------- routes --- */

#define GOES(user) ({ \
	self->in.called_user = user; \
	route_incoming(&self->agent, CALL, &self->in, &self->route); \
})

TEST_F(trunk, what_sip_may_call)
{
	static char emergency[] = "110 112";

	EXPECT_EQ(0, GOES("101"));
	EXPECT_EQ(&self->lines[0], self->route.line);
	EXPECT_EQ(404, GOES("030123"));
	ASSERT_EQ(0, dialplan_parse(&self->configs[1].plan, "0x.T", NULL, NULL));
	EXPECT_EQ(0, GOES("030123"));
	EXPECT_EQ(TRUNK, self->route.line);
	EXPECT_TRUE(self->route.dials);
	EXPECT_STREQ("030123", self->route.digits);
	EXPECT_EQ(0, GOES("+49 (30) 123"));
	EXPECT_STREQ("004930123", self->route.digits);
	EXPECT_EQ(404, GOES("0bob"));
	EXPECT_EQ(404, GOES("00000000000000000000000000000000000000000"));
	EXPECT_EQ(404, GOES("112"));
	CONFIG->emergency = emergency;
	EXPECT_EQ(0, GOES("112"));
	EXPECT_TRUE(self->route.urgent);
	EXPECT_EQ(404, GOES("11"));
	EXPECT_EQ(404, GOES(""));
}

/* Whom the provider means by the account's user: a telephone, never a trunk. */
TEST_F(trunk, user_of_the_account)
{
	EXPECT_EQ(0, GOES("gateway"));
	EXPECT_EQ(&self->lines[0], self->route.line);
	self->configs[0].is_trunk = true;
	EXPECT_EQ(404, GOES("gateway"));
	self->configs[1].is_trunk = false;
	EXPECT_EQ(0, GOES("gateway"));
	EXPECT_EQ(TRUNK, self->route.line);
	self->in.account = OTHER;
	EXPECT_EQ(404, GOES("gateway"));
	self->in.account = NULL;
	self->lines[1].account = NULL;
	EXPECT_EQ(404, GOES("gateway"));
}

/* A stranger who got as far as a telephone gets no further. */
TEST_F(trunk, who_may_call)
{
	static char second[] = "199";

	ASSERT_EQ(0, dialplan_parse(&self->configs[1].plan, "0x.T", NULL, NULL));
	self->configs[1].number = second;
	world.trusts = false;
	EXPECT_EQ(404, GOES("030123"));
	EXPECT_EQ(403, GOES("199"));
	self->in.own = true;
	EXPECT_EQ(0, GOES("199"));
	EXPECT_FALSE(self->route.dials);
	world.trusts = true;
	self->in.own = false;
	EXPECT_EQ(0, GOES("199"));
	self->lines[1].account = NULL;
	EXPECT_EQ(403, GOES("199"));
}

TEST_F(trunk, no_loops)
{
	ASSERT_EQ(0, dialplan_parse(&self->configs[1].plan, "0x.T", NULL, NULL));
	self->in.hops = 0;
	EXPECT_EQ(483, GOES("030123"));
	EXPECT_EQ(0, GOES("101"));
	self->in.hops = 1;
	EXPECT_EQ(0, GOES("030123"));
	PORT(PORT_RING, 0);
	EXPECT_EQ(0, GOES("030123"));
	self->in.called_user = "030123";
	EXPECT_EQ(482, route_incoming(&self->agent, OUTGOING, &self->in, &self->route));
}

TEST_F(trunk, prefix_and_emergency)
{
	static char prefix[] = "0", emergency[] = "112";

	CONFIG->prefix = prefix;
	CONFIG->emergency = emergency;
	EXPECT_EQ(SELF, route_from_line(&self->lines[0], "101"));
	EXPECT_EQ(OFFICE, route_from_line(&self->lines[0], "123"));
	EXPECT_EQ(OFFICE, route_from_line(&self->lines[0], "0"));
	EXPECT_EQ(SELF, route_from_line(&self->lines[0], "0301"));
	EXPECT_EQ(SELF, route_from_line(&self->lines[0], "112"));
	/* From SIP, the prefix is nothing. */
	EXPECT_EQ(404, GOES("0301"));
	self->in.own = true;
	EXPECT_EQ(0, GOES("0301"));
	EXPECT_STREQ("301", self->route.digits);
	/* Somebody must hear it, when the trunk cannot. */
	world.can_call = false;
	EXPECT_EQ(SELF, route_from_line(&self->lines[0], "0301"));
	EXPECT_EQ(OFFICE, route_from_line(&self->lines[0], "112"));
	world.reg_state = SIP_REG_FAILED;
	EXPECT_EQ(SELF, route_from_line(&self->lines[0], "112"));
}

/* One that is free is better than one that is taken from somebody. */
TEST_F(trunk, emergency_finds_a_line)
{
	static char emergency[] = "112";

	self->configs[0].is_trunk = true;
	self->configs[0].number = none;
	self->configs[0].trunk.emergency = emergency;
	CONFIG->emergency = emergency;
	self->lines[0].call.state = CALL_FREE;
	self->in.own = true;
	EXPECT_EQ(0, GOES("112"));
	EXPECT_EQ(&self->lines[0], self->route.line);
	ASSERT_EQ(0, CALLS(FIRST, "0301234", false));
	EXPECT_EQ(0, GOES("112"));
	EXPECT_EQ(&self->lines[0], self->route.line);

	self->lines[0].call.state = CALL_THROUGH;
	EXPECT_EQ(OFFICE, route_from_line(&self->lines[0], "112"));
	TRUNK->profile.preempts = true;
	EXPECT_EQ(SELF, route_from_line(&self->lines[0], "112"));
	EXPECT_EQ(0, GOES("112"));
	EXPECT_EQ(TRUNK, self->route.line);
	EXPECT_TRUE(self->route.urgent);
	world.can_call = false;
	EXPECT_EQ(OFFICE, route_from_line(&self->lines[0], "112"));
}

TEST_F(trunk, life_line)
{
	EXPECT_EQ(OFFICE, route_from_line(&self->lines[0], "123"));
	world.reg_state = SIP_REG_FAILED;
	EXPECT_EQ(OFFICE, route_from_line(&self->lines[0], "123"));
	CONFIG->life_line = true;
	EXPECT_EQ(SELF, route_from_line(&self->lines[0], "123"));
	self->in.own = true;
	EXPECT_EQ(0, GOES("123"));
	EXPECT_STREQ("123", self->route.digits);
	world.can_call = false;
	EXPECT_EQ(OFFICE, route_from_line(&self->lines[0], "123"));
	world.can_call = true;
	world.reg_state = SIP_REG_NONE;
	EXPECT_EQ(OFFICE, route_from_line(&self->lines[0], "123"));
	world.local_error = -ENOTCONN;
	EXPECT_EQ(SELF, route_from_line(&self->lines[0], "123"));
	world.local_error = 0;
	self->lines[0].account = NULL;
	EXPECT_EQ(SELF, route_from_line(&self->lines[0], "123"));
}

/* It dialled by the account, and nobody was there. */
TEST_F(trunk, life_line_after_silence)
{
	struct line *line = &self->lines[0];

	line->call.state = CALL_CALLING;
	line->via = OFFICE;
	strcpy(line->peer, "123");
	CONFIG->life_line = true;
	PORT(PORT_RING, 0);
	world.notes[0] = 0;
	world.far_end->failed(line, 404, 0, "Not Found");
	EXPECT_STREQ("", world.notes);
	EXPECT_EQ(CALL_TREATMENT, line->call.state);

	line->call.state = CALL_CALLING;
	world.far_end->failed(line, 0, SIP_CAUSE_TIMEOUT, NULL);
	EXPECT_EQ(CALL_TREATMENT, line->call.state);

	PORT(PORT_RING_OVER, 0);
	world.notes[0] = 0;
	line->call.state = CALL_CALLING;
	world.far_end->failed(line, 0, SIP_CAUSE_TIMEOUT, NULL);
	EXPECT_STREQ("INVITE 123 by self from 101 ", world.notes);
	EXPECT_EQ(CALL_CALLING, line->call.state);
	EXPECT_EQ(SELF, line->via);
	world.far_end->failed(line, 0, SIP_CAUSE_TIMEOUT, NULL);
	EXPECT_EQ(CALL_TREATMENT, line->call.state);
}

TEST_HARNESS_MAIN
