// SPDX-License-Identifier: GPL-2.0-or-later
/* The generic netlink family: discovery, counters, notifications. */
#include "port.h"

#include <fcntl.h>
#include <kselftest_harness.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/pots_netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <poll.h>
#include <sched.h>
#include <sys/wait.h>

/* What a message says of a port. */
struct told {
	uint8_t command;
	struct nlattr *attr[POTS_A_PORT_MAX + 1];
	char message[512];		/* what the attributes lie in */
};

#define TOLD_MAX	64

struct answer {
	struct told told[TOLD_MAX];
	unsigned int count;
	int error;
	char sentence[128];		/* of the extended acknowledgement */
};

static int take(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *hdr = nlmsg_hdr(msg), *copy;
	struct answer *answer = arg;
	struct told *told = &answer->told[answer->count];

	if (answer->count == TOLD_MAX || hdr->nlmsg_len > sizeof(told->message))
		return NL_SKIP;
	copy = memcpy(told->message, hdr, hdr->nlmsg_len);
	told->command = genlmsg_hdr(copy)->cmd;
	/* an attribute that the spec does not know is a fault */
	if (!genlmsg_parse(copy, 0, told->attr, POTS_A_PORT_MAX, NULL))
		answer->count++;
	return NL_SKIP;
}

static int take_error(struct sockaddr_nl *from, struct nlmsgerr *err, void *arg)
{
	struct nlmsghdr *hdr = (struct nlmsghdr *)err - 1;
	struct nlattr *attr[NLMSGERR_ATTR_MAX + 1];
	struct answer *answer = arg;
	int skip = sizeof(*err);

	answer->error = -err->error;
	if (!(hdr->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_PAYLOAD(&err->msg, 0);
	if (hdr->nlmsg_flags & NLM_F_ACK_TLVS &&
	    !nlmsg_parse(hdr, skip, attr, NLMSGERR_ATTR_MAX, NULL) &&
	    attr[NLMSGERR_ATTR_MSG])
		snprintf(answer->sentence, sizeof(answer->sentence), "%s",
			 nla_get_string(attr[NLMSGERR_ATTR_MSG]));
	return NL_STOP;
}

static int take_end(struct nl_msg *msg, void *arg)
{
	return NL_STOP;
}

/* Notifications bear no sequence numbers. */
static int any_seq(struct nl_msg *msg, void *arg)
{
	return NL_OK;
}

static struct nl_sock *connect_genl(void)
{
	struct nl_sock *sock = nl_socket_alloc();
	int on = 1;

	nl_socket_disable_auto_ack(sock);
	if (genl_connect(sock)) {
		nl_socket_free(sock);
		return NULL;
	}
	setsockopt(nl_socket_get_fd(sock), SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	return sock;
}

FIXTURE(netlink) {
	struct nl_sock *sock;
	struct nl_sock *monitor;
	int family;
	struct answer *answer;
	struct line line;
	bool gone;
};

FIXTURE_SETUP(netlink)
{
	int group;

	self->sock = connect_genl();
	self->monitor = connect_genl();
	ASSERT_NE(NULL, self->sock);
	ASSERT_NE(NULL, self->monitor);
	self->family = genl_ctrl_resolve(self->sock, POTS_FAMILY_NAME);
	ASSERT_GT(self->family, 0);
	ASSERT_EQ(0, line_open(&self->line, 0));
	/* what it took to come to rest was told before */
	group = genl_ctrl_resolve_grp(self->sock, POTS_FAMILY_NAME, POTS_MCGRP_MONITOR);
	ASSERT_GT(group, 0);
	nl_socket_set_nonblocking(self->monitor);
	ASSERT_EQ(0, nl_socket_add_membership(self->monitor, group));
	self->answer = calloc(1, sizeof(*self->answer));
}

FIXTURE_TEARDOWN(netlink)
{
	line_close(&self->line);
	if (self->gone) {
		EXPECT_EQ(0, port_plug());
	}
	nl_socket_free(self->monitor);
	nl_socket_free(self->sock);
	free(self->answer);
}

/* Sends a request, frees it, and lets @taker have what comes. */
static void talk(FIXTURE_DATA(netlink) *self, struct nl_msg *msg,
		 nl_recvmsg_msg_cb_t taker, void *arg)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_CUSTOM);

	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, taker, arg);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, take_end, NULL);
	nl_cb_err(cb, NL_CB_CUSTOM, take_error, self->answer);
	nl_send_auto(self->sock, msg);
	nl_recvmsgs(self->sock, cb);
	nlmsg_free(msg);
	nl_cb_put(cb);
}

/* Sends a request with @attribute of @size bytes, or without one; takes the answer. */
static struct answer *ask(FIXTURE_DATA(netlink) *self, uint8_t command, int flags,
			  int attribute, const void *value, size_t size)
{
	struct nl_msg *msg = nlmsg_alloc();

	memset(self->answer, 0, sizeof(*self->answer));
	genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, self->family, 0, flags, command,
		    POTS_FAMILY_VERSION);
	if (attribute)
		nla_put(msg, attribute, size, value);
	talk(self, msg, take, self->answer);
	return self->answer;
}

static struct answer *ask_id(FIXTURE_DATA(netlink) *self, uint8_t command, uint32_t id)
{
	return ask(self, command, 0, POTS_A_PORT_ID, &id, sizeof(id));
}

/* The next notification of this command about the port, or NULL in time. */
static struct told *wait_ntf(FIXTURE_DATA(netlink) *self, uint8_t command,
			     unsigned int timeout_ms)
{
	struct pollfd fd = { .fd = nl_socket_get_fd(self->monitor), .events = POLLIN };
	uint64_t end_ns = now_ns() + timeout_ms * NS_PER_MS;
	struct nl_cb *cb = nl_cb_alloc(NL_CB_CUSTOM);
	struct told *found = NULL;
	int64_t left_ns;

	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, take, self->answer);
	nl_cb_set(cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, any_seq, NULL);
	while (!found && (left_ns = end_ns - now_ns()) >= 0) {
		struct told *told = &self->answer->told[0];

		self->answer->count = 0;
		if (poll(&fd, 1, left_ns / NS_PER_MS + 1) != 1)
			break;
		nl_recvmsgs(self->monitor, cb);
		if (self->answer->count == 1 && told->command == command &&
		    nla_get_u32(told->attr[POTS_A_PORT_ID]) == self->line.id)
			found = told;
	}
	nl_cb_put(cb);
	return found;
}

static uint32_t told_state(const struct told *told)
{
	return told ? nla_get_u32(told->attr[POTS_A_PORT_STATE]) : UINT32_MAX;
}

/* Waits for a change to a state; false: none came. */
static bool wait_change(FIXTURE_DATA(netlink) *self, uint32_t mask, uint32_t value)
{
	struct told *told;

	do
		told = wait_ntf(self, POTS_CMD_PORT_CHANGE_NTF, SETTLE_MS);
	while (told && (told_state(told) & mask) != value);
	return told;
}

#define NEEDS_PHONE() do {						\
	if (self->line.phone < 0)					\
		SKIP(return, "this port has no telephone to lift");	\
} while (0)

/* What the ioctls say, netlink says. */
static void expect_port(struct __test_metadata *_metadata, FIXTURE_DATA(netlink) *self,
			const struct told *told)
{
	const struct pots_info *info = &self->line.info;

	for (int i = POTS_A_PORT_ID; i <= POTS_A_PORT_FEED; i++) {
		if (i != POTS_A_PORT_LABEL) {
			ASSERT_NE(NULL, told->attr[i]) {
				TH_LOG("attribute %d", i);
			}
		}
	}
	EXPECT_EQ(info->id, nla_get_u32(told->attr[POTS_A_PORT_ID]));
	EXPECT_STREQ(info->name, nla_get_string(told->attr[POTS_A_PORT_NAME]));
	EXPECT_EQ(info->type, nla_get_u32(told->attr[POTS_A_PORT_TYPE]));
	EXPECT_STREQ(info->chip, nla_get_string(told->attr[POTS_A_PORT_CHIP]));
	EXPECT_EQ(!info->label[0], !told->attr[POTS_A_PORT_LABEL]);
	if (told->attr[POTS_A_PORT_LABEL]) {
		EXPECT_STREQ(info->label, nla_get_string(told->attr[POTS_A_PORT_LABEL]));
	}
	EXPECT_EQ(info->caps, nla_get_u32(told->attr[POTS_A_PORT_CAPS]));
	EXPECT_LE(nla_get_u32(told->attr[POTS_A_PORT_FEED]), POTS_FEED_RINGING);
	EXPECT_EQ(NULL, told->attr[POTS_A_PORT_STATS]);
}

/* ---------------------------------------------------------------- asking --- */

TEST_F(netlink, a_port_is_told_by_its_id)
{
	struct answer *answer = ask_id(self, POTS_CMD_PORT_GET, self->line.id);

	ASSERT_EQ(0, answer->error);
	ASSERT_EQ(1, answer->count);
	EXPECT_EQ(POTS_CMD_PORT_GET, answer->told[0].command);
	expect_port(_metadata, self, &answer->told[0]);
	EXPECT_EQ(state_of(self->line.claim), told_state(&answer->told[0]));
}

TEST_F(netlink, a_dump_tells_of_every_port_once)
{
	struct answer *answer = ask(self, POTS_CMD_PORT_GET, NLM_F_DUMP, 0, NULL, 0);
	unsigned int ids[PORTS_MAX], seen = 0;

	ASSERT_EQ(0, answer->error);
	ASSERT_LE(port_list(ids), answer->count);
	for (unsigned int i = 0; i < answer->count; i++) {
		uint32_t id = nla_get_u32(answer->told[i].attr[POTS_A_PORT_ID]);

		if (i) {
			EXPECT_GT(id, nla_get_u32(answer->told[i - 1].attr[POTS_A_PORT_ID]));
		}
		if (id == self->line.id) {
			expect_port(_metadata, self, &answer->told[i]);
			seen++;
		}
	}
	EXPECT_EQ(1, seen);
}

TEST_F(netlink, wrong_requests_are_refused_in_words)
{
	static const uint8_t commands[] = { POTS_CMD_PORT_GET, POTS_CMD_STATS_GET };
	const uint16_t narrow = self->line.id;
	const uint32_t id = self->line.id;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		const struct {
			int flags;
			int attribute;
			const void *value;
			size_t size;
			int error;
		} wrong[] = {
			{ 0, 0, NULL, 0, EINVAL },
			{ 0, POTS_A_PORT_ID, &narrow, sizeof(narrow), EINVAL },
			{ 0, POTS_A_PORT_NAME, "pots0", 6, EINVAL },
			{ 0, POTS_A_PORT_STATE, &id, sizeof(id), EINVAL },
			{ 0, POTS_A_PORT_MAX + 1, &id, sizeof(id), EINVAL },
			{ NLM_F_DUMP, POTS_A_PORT_ID, &id, sizeof(id), EINVAL },
			{ NLM_F_DUMP, POTS_A_PORT_TYPE, &id, sizeof(id), EINVAL },
		};

		for (size_t w = 0; w < ARRAY_SIZE(wrong); w++) {
			struct answer *answer = ask(self, commands[i], wrong[w].flags,
						    wrong[w].attribute, wrong[w].value,
						    wrong[w].size);

			EXPECT_EQ(wrong[w].error, answer->error) {
				TH_LOG("command %u, case %zu", commands[i], w);
			}
			/* 6.1 has no words for what is wrong with a dump's start */
			if (wrong[w].attribute != POTS_A_PORT_ID || !wrong[w].flags) {
				EXPECT_NE(0, answer->sentence[0]) {
					TH_LOG("command %u, case %zu", commands[i], w);
				}
			}
			EXPECT_EQ(0, answer->count);
		}
	}
}

TEST_F(netlink, unknown_ports_are_enodev)
{
	EXPECT_EQ(ENODEV, ask_id(self, POTS_CMD_PORT_GET, 999999)->error);
	EXPECT_STREQ("There is no port of this id", self->answer->sentence);
	EXPECT_EQ(ENODEV, ask_id(self, POTS_CMD_STATS_GET, UINT32_MAX)->error);
}

TEST_F(netlink, notifications_and_unknown_commands_cannot_be_asked)
{
	static const uint8_t commands[] = {
		POTS_CMD_PORT_ADD_NTF, POTS_CMD_PORT_CHANGE_NTF, POTS_CMD_PORT_DEL_NTF,
		POTS_CMD_MAX + 1, 0,
	};

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		EXPECT_EQ(EOPNOTSUPP, ask_id(self, commands[i], self->line.id)->error) {
			TH_LOG("command %u", commands[i]);
		}
	}
}

TEST_F(netlink, asking_needs_no_privilege)
{
	int status = -1;
	pid_t child = fork();

	if (!child) {
		struct nl_sock *sock;

		if (setgid(65534) || setuid(65534))
			_exit(2);
		sock = connect_genl();
		self->sock = sock;
		_exit(ask_id(self, POTS_CMD_PORT_GET, self->line.id)->count == 1 ? 0 : 1);
	}
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
}

TEST_F(netlink, other_network_namespaces_do_not_see_it)
{
	int status = -1;
	pid_t child = fork();

	if (!child) {
		struct nl_sock *sock;

		if (unshare(CLONE_NEWNET))
			_exit(4);
		sock = connect_genl();
		_exit(genl_ctrl_resolve(sock, POTS_FAMILY_NAME) < 0 ? 0 : 1);
	}
	waitpid(child, &status, 0);
	if (WEXITSTATUS(status) == 4)
		SKIP(return, "no network namespaces");
	EXPECT_EQ(0, status);
}

/* -------------------------------------------------------------- the spec --- */

#define POLICIES_MAX	8

/* What the kernel says of the family; what does not fit is counted. */
struct family {
	uint32_t version;
	uint32_t flags[POTS_CMD_MAX + 1];	/* of each op, 0: there is none */
	char group[32];
	unsigned int groups;
	uint32_t policy[POTS_CMD_MAX + 1][CTRL_ATTR_POLICY_DUMP + 1];
	uint32_t type[POLICIES_MAX][POTS_A_PORT_MAX + 1];
	unsigned int unknown;
};

static void take_op(struct family *family, struct nlattr *op)
{
	struct nlattr *attr[CTRL_ATTR_OP_MAX + 1];
	uint32_t id;

	nla_parse_nested(attr, CTRL_ATTR_OP_MAX, op, NULL);
	id = nla_get_u32(attr[CTRL_ATTR_OP_ID]);
	if (id <= POTS_CMD_MAX)
		family->flags[id] = nla_get_u32(attr[CTRL_ATTR_OP_FLAGS]);
	else
		family->unknown++;
}

static int take_family(struct nl_msg *msg, void *arg)
{
	struct nlattr *attr[CTRL_ATTR_MAX + 1], *group[CTRL_ATTR_MCAST_GRP_MAX + 1], *one;
	struct family *family = arg;
	int left;

	genlmsg_parse(nlmsg_hdr(msg), 0, attr, CTRL_ATTR_MAX, NULL);
	family->version = nla_get_u32(attr[CTRL_ATTR_VERSION]);
	if (attr[CTRL_ATTR_OPS])
		nla_for_each_nested(one, attr[CTRL_ATTR_OPS], left)
			take_op(family, one);
	if (!attr[CTRL_ATTR_MCAST_GROUPS])
		return NL_SKIP;
	nla_for_each_nested(one, attr[CTRL_ATTR_MCAST_GROUPS], left) {
		nla_parse_nested(group, CTRL_ATTR_MCAST_GRP_MAX, one, NULL);
		nla_strlcpy(family->group, group[CTRL_ATTR_MCAST_GRP_NAME],
			    sizeof(family->group));
		family->groups++;
	}
	return NL_SKIP;
}

/* Which policy an op has: "DO" and "DUMP" by its number. */
static void take_op_policy(struct family *family, struct nlattr *op)
{
	struct nlattr *one;
	int left;

	nla_for_each_nested(one, op, left) {
		if (nla_type(op) <= POTS_CMD_MAX && nla_type(one) <= CTRL_ATTR_POLICY_DUMP)
			family->policy[nla_type(op)][nla_type(one)] = nla_get_u32(one);
		else
			family->unknown++;
	}
}

/* What a policy lets through. */
static void take_types(struct family *family, struct nlattr *policy)
{
	struct nlattr *attr[NL_POLICY_TYPE_ATTR_MAX + 1], *one;
	int left;

	nla_for_each_nested(one, policy, left) {
		nla_parse_nested(attr, NL_POLICY_TYPE_ATTR_MAX, one, NULL);
		if (nla_type(policy) < POLICIES_MAX && nla_type(one) <= POTS_A_PORT_MAX)
			family->type[nla_type(policy)][nla_type(one)] =
				nla_get_u32(attr[NL_POLICY_TYPE_ATTR_TYPE]);
		else
			family->unknown++;
	}
}

static int take_policy(struct nl_msg *msg, void *arg)
{
	struct nlattr *attr[CTRL_ATTR_MAX + 1], *one;
	struct family *family = arg;
	int left;

	genlmsg_parse(nlmsg_hdr(msg), 0, attr, CTRL_ATTR_MAX, NULL);
	if (attr[CTRL_ATTR_OP_POLICY])
		nla_for_each_nested(one, attr[CTRL_ATTR_OP_POLICY], left)
			take_op_policy(family, one);
	if (attr[CTRL_ATTR_POLICY])
		nla_for_each_nested(one, attr[CTRL_ATTR_POLICY], left)
			take_types(family, one);
	return NL_SKIP;
}

static void ask_control(FIXTURE_DATA(netlink) *self, uint8_t command, int flags,
			nl_recvmsg_msg_cb_t taker, struct family *family)
{
	struct nl_msg *msg = nlmsg_alloc();

	genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, GENL_ID_CTRL, 0, flags, command, 1);
	nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, POTS_FAMILY_NAME);
	talk(self, msg, taker, family);
}

/* The spec: two questions for anybody, of a port or of all, and one group. */
TEST_F(netlink, the_family_is_as_the_spec_has_it)
{
	static const uint32_t asked[POTS_CMD_MAX + 1] = {
		[POTS_CMD_PORT_GET] = GENL_CMD_CAP_DO | GENL_CMD_CAP_DUMP | GENL_CMD_CAP_HASPOL,
		[POTS_CMD_STATS_GET] = GENL_CMD_CAP_DO | GENL_CMD_CAP_DUMP | GENL_CMD_CAP_HASPOL,
	};
	struct family family = {};

	ask_control(self, CTRL_CMD_GETFAMILY, 0, take_family, &family);
	EXPECT_EQ(POTS_FAMILY_VERSION, family.version);
	for (int i = 0; i <= POTS_CMD_MAX; i++) {
		EXPECT_EQ(asked[i], family.flags[i]) {
			TH_LOG("command %d", i);
		}
	}
	EXPECT_EQ(1, family.groups);
	EXPECT_STREQ(POTS_MCGRP_MONITOR, family.group);
	EXPECT_EQ(0, family.unknown);
}

/* Of the port's attributes a request has the id, and no other. */
TEST_F(netlink, the_policy_is_as_the_spec_has_it)
{
	static const uint8_t commands[] = { POTS_CMD_PORT_GET, POTS_CMD_STATS_GET };
	struct family family;

	memset(&family, 0, sizeof(family));
	memset(family.policy, 0xff, sizeof(family.policy));
	ask_control(self, CTRL_CMD_GETPOLICY, NLM_F_DUMP, take_policy, &family);
	EXPECT_EQ(0, family.unknown);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		for (int how = CTRL_ATTR_POLICY_DO; how <= CTRL_ATTR_POLICY_DUMP; how++) {
			uint32_t policy = family.policy[commands[i]][how];

			ASSERT_LT(policy, POLICIES_MAX) {
				TH_LOG("command %u has no policy", commands[i]);
			}
			for (int attr = 0; attr <= POTS_A_PORT_MAX; attr++) {
				EXPECT_EQ(attr == POTS_A_PORT_ID ? NL_ATTR_TYPE_U32 : 0,
					  family.type[policy][attr]) {
					TH_LOG("command %u, attribute %d", commands[i], attr);
				}
			}
		}
	}
}

/* -------------------------------------------------------------- counters --- */

/* The counters of the port; false when the answer is not what the spec says. */
static bool get_stats(FIXTURE_DATA(netlink) *self, uint64_t stats[POTS_A_STATS_MAX + 1])
{
	struct nlattr *attr[POTS_A_STATS_MAX + 1];
	struct answer *answer = ask_id(self, POTS_CMD_STATS_GET, self->line.id);
	const struct told *told = &answer->told[0];

	if (answer->count != 1 || told->command != POTS_CMD_STATS_GET ||
	    !told->attr[POTS_A_PORT_STATS] ||
	    nla_parse_nested(attr, POTS_A_STATS_MAX, told->attr[POTS_A_PORT_STATS], NULL))
		return false;
	for (int i = POTS_A_STATS_PAD + 1; i <= POTS_A_STATS_MAX; i++) {
		if (!attr[i] || nla_len(attr[i]) != sizeof(uint64_t))
			return false;
		stats[i] = nla_get_u64(attr[i]);
	}
	return true;
}

TEST_F(netlink, counters_count)
{
	uint64_t before[POTS_A_STATS_MAX + 1], after[POTS_A_STATS_MAX + 1];
	struct pots_hangup hangup = { .flags = POTS_HANGUP_F_OPEN_MS, .open_ms = 50 };
	struct pots_play play = { .tone = POTS_TONE_DIAL };
	struct pots_ring ring = {};
	struct pots_stop stop = {};

	NEEDS_PHONE();
	ASSERT_TRUE(get_stats(self, before));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING, &ring));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_STOP_RING, &stop));
	sleep_ms(500);
	ASSERT_TRUE(line_lift(&self->line));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_PLAY_TONE, &play));
	sleep_ms(100);
	ASSERT_EQ(0, err_of(self->line.claim, POTS_HANGUP, &hangup));
	ASSERT_TRUE(get_stats(self, after));
	EXPECT_EQ(before[POTS_A_STATS_RINGS] + 1, after[POTS_A_STATS_RINGS]);
	EXPECT_EQ(before[POTS_A_STATS_SEIZURES] + 1, after[POTS_A_STATS_SEIZURES]);
	EXPECT_EQ(before[POTS_A_STATS_TONES] + 1, after[POTS_A_STATS_TONES]);
	EXPECT_EQ(before[POTS_A_STATS_HANGUPS] + 1, after[POTS_A_STATS_HANGUPS]);
	EXPECT_EQ(before[POTS_A_STATS_ALARMS], after[POTS_A_STATS_ALARMS]);
	if (self->line.info.caps & POTS_CAP_SPEECH) {
		EXPECT_GE(after[POTS_A_STATS_FRAMES], before[POTS_A_STATS_FRAMES] + 90);
	}
	for (int i = POTS_A_STATS_PAD + 1; i <= POTS_A_STATS_MAX; i++)
		EXPECT_GE(after[i], before[i]);
}

TEST_F(netlink, counters_are_dumped)
{
	struct answer *answer = ask(self, POTS_CMD_STATS_GET, NLM_F_DUMP, 0, NULL, 0);
	unsigned int ids[PORTS_MAX];

	ASSERT_EQ(0, answer->error);
	EXPECT_LE(port_list(ids), answer->count);
	for (unsigned int i = 0; i < answer->count; i++) {
		EXPECT_NE(NULL, answer->told[i].attr[POTS_A_PORT_ID]);
		EXPECT_NE(NULL, answer->told[i].attr[POTS_A_PORT_STATS]);
	}
}

/* --------------------------------------------------------- notifications --- */

TEST_F(netlink, a_claim_is_a_change)
{
	struct told *told;

	close(self->line.claim);
	self->line.claim = -1;
	EXPECT_TRUE(wait_change(self, POTS_STATE_CLAIMED, 0));
	self->line.claim = port_claim(self->line.observer, 0);
	told = wait_ntf(self, POTS_CMD_PORT_CHANGE_NTF, SETTLE_MS);
	ASSERT_NE(NULL, told);
	expect_port(_metadata, self, told);
	EXPECT_NE(0, told_state(told) & POTS_STATE_CLAIMED);
}

TEST_F(netlink, a_lift_is_a_change_and_edges_are_not)
{
	unsigned int changes = 0;

	NEEDS_PHONE();
	phone_lift(self->line.phone);
	EXPECT_TRUE(wait_change(self, POTS_STATE_OFF_HOOK, POTS_STATE_OFF_HOOK));
	ASSERT_TRUE(phone_dial(self->line.phone, 10, 60000, 40000));
	ASSERT_TRUE(event_wait(self->line.observer, POTS_EVENT_PULSE_DIGIT, NULL, SETTLE_MS));
	ASSERT_TRUE(phone_wait(self->line.phone, POTS_SIM_STATE_BUSY, 0, SETTLE_MS));
	while (wait_ntf(self, POTS_CMD_PORT_CHANGE_NTF, 200))
		changes++;
	EXPECT_EQ(0, changes);
	phone_hang(self->line.phone);
	EXPECT_TRUE(wait_change(self, POTS_STATE_OFF_HOOK, 0));
}

TEST_F(netlink, ringing_and_hangup_are_changes)
{
	struct pots_hangup hangup = { .flags = POTS_HANGUP_F_OPEN_MS, .open_ms = 200 };
	struct pots_ring ring = {};

	if (!(self->line.info.caps & POTS_CAP_RING))
		SKIP(return, "this port cannot ring");
	ASSERT_EQ(0, err_of(self->line.claim, POTS_RING, &ring));
	EXPECT_TRUE(wait_change(self, POTS_STATE_RINGING, POTS_STATE_RINGING));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_HANGUP, &hangup));
	EXPECT_TRUE(wait_change(self, POTS_STATE_RINGING | POTS_STATE_HANGUP,
				POTS_STATE_HANGUP));
	EXPECT_TRUE(wait_change(self, POTS_STATE_HANGUP, 0));
}

TEST_F(netlink, removal_and_return_are_told)
{
	struct told *told;

	ASSERT_EQ(0, port_unplug(self->line.id));
	self->gone = true;
	told = wait_ntf(self, POTS_CMD_PORT_DEL_NTF, SETTLE_MS);
	ASSERT_NE(NULL, told);
	self->line.info.caps = nla_get_u32(told->attr[POTS_A_PORT_CAPS]);
	expect_port(_metadata, self, told);
	EXPECT_EQ(ENODEV, ask_id(self, POTS_CMD_PORT_GET, self->line.id)->error);

	ASSERT_EQ(0, port_plug());
	self->gone = false;
	told = wait_ntf(self, POTS_CMD_PORT_ADD_NTF, 10000);
	ASSERT_NE(NULL, told);
	EXPECT_EQ(0, told_state(told) & POTS_STATE_CLAIMED);
	EXPECT_EQ(1, ask_id(self, POTS_CMD_PORT_GET, self->line.id)->count);
}

TEST_HARNESS_MAIN
