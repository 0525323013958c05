// SPDX-License-Identifier: GPL-2.0-or-later
/* The config file: every mistake is told with its file and line. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/pots.h>

#include "callerid.h"
#include "config.h"
#include "config_keys.h"
#include "country.h"
#include "trunk.h"
#include "kselftest_harness.h"
#include "waiting.h"

FIXTURE(file) {
	struct config config;
	char path[64], secrets[64];
	char text[256];
	char reports[4096];
};

static void on_report(void *ctx, const char *file, int line, const char *text)
{
	char *reports = ctx, one[512];
	const char *name = strrchr(file, '/');

	snprintf(one, sizeof(one), "%.4s:%d: %s\n", name ? name + 1 : file, line, text);
	strncat(reports, one, 4095 - strlen(reports));
}

static void write_file(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	fputs(text, out);
	fclose(out);
}

FIXTURE_SETUP(file)
{
	snprintf(self->path, sizeof(self->path), "/tmp/conf%d", getpid());
	snprintf(self->secrets, sizeof(self->secrets), "/tmp/secr%d", getpid());
	self->reports[0] = 0;
	umask(027);
}

FIXTURE_TEARDOWN(file)
{
	config_free(&self->config);
	unlink(self->path);
	unlink(self->secrets);
}

#define COUNTRIES TEST_DIR "/../../../data/countries"
#define LINE "[line 1]\nport = pots0\nnumber = 101\n"

#define LOAD(text) ({ \
	write_file(self->path, text); \
	self->reports[0] = 0; \
	config_free(&self->config); \
	config_load(&self->config, self->path, on_report, self->reports); \
})

#define EXPECT_REPORT(text, wanted) do { \
	EXPECT_EQ(-EINVAL, LOAD(text)); \
	EXPECT_STREQ(wanted, self->reports); \
} while (0)

TEST_F(file, smallest)
{
	ASSERT_EQ(0, LOAD(LINE));
	EXPECT_STREQ("", self->reports);
	ASSERT_EQ(1, self->config.line_count);
	EXPECT_STREQ("1", self->config.lines[0].name);
	EXPECT_STREQ("pots0", self->config.lines[0].port);
	EXPECT_EQ(180000, self->config.lines[0].no_answer_ms);
	EXPECT_EQ(5060, self->config.sip.port);
	EXPECT_EQ(NULL, self->config.sip.dns_servers);
	EXPECT_EQ(16000, self->config.times.first_digit_ms);
	EXPECT_EQ(408, self->config.responses.expired);
	EXPECT_EQ(415, self->config.responses.mismatch);
}

TEST_F(file, values)
{
	ASSERT_EQ(0, LOAD("# a comment\n; another\n[sip]\n  port = 5070 ; behind it\n"
			  "listen = 127.0.0.1\nt1=200 ms\n"
			  "dns-servers = 192.0.2.1,[2001:db8::1]:53\n\n[media]\ndscp = 0\n"
			  "[responses]\nmismatch = 488\nexpired = 487\n"
			  "[account a b]\nregistrar = [2001:db8::1]:5080\nuser = u\nexpires = 120\n"
			  "transport = tcp\nbasic = always\naccept-any-source = yes\n"
			  LINE "account = a b\ncodecs = PCMU,pcma\nptime = 30 ms\n"
			  "dial-plan = 11[023]|[1-9]xx|0x.T\n[treatment]\n404 = tone sit\n"));
	EXPECT_EQ(5070, self->config.sip.port);
	EXPECT_STREQ("127.0.0.1", self->config.sip.listen);
	EXPECT_EQ(200, self->config.sip.t1_ms);
	EXPECT_STREQ("192.0.2.1,[2001:db8::1]:53", self->config.sip.dns_servers);
	EXPECT_EQ(0, self->config.media.dscp);
	EXPECT_EQ(488, self->config.responses.mismatch);
	EXPECT_EQ(487, self->config.responses.expired);
	EXPECT_STREQ("a b", self->config.accounts[0].sip.name);
	EXPECT_STREQ("[2001:db8::1]:5080", self->config.accounts[0].sip.registrar);
	EXPECT_EQ(120, self->config.accounts[0].sip.expires_s);
	EXPECT_EQ(SIP_TCP, self->config.accounts[0].sip.transport);
	EXPECT_EQ(SIP_BASIC_ALWAYS, self->config.accounts[0].sip.basic);
	EXPECT_TRUE(self->config.accounts[0].sip.accept_any_source);
	EXPECT_EQ(SDP_PCMU, self->config.lines[0].codecs.codec[0]);
	EXPECT_EQ(2, self->config.lines[0].codecs.count);
	EXPECT_EQ(30, self->config.lines[0].ptime_ms);
	EXPECT_EQ(3, self->config.lines[0].plan.alternatives);
	EXPECT_EQ(POTS_TONE_SIT, treatment_find(&self->config.treatments, 404, 0).tone);
}

/* One for all lines, and a line's own; the settings of both stay apart. */
TEST_F(file, countries)
{
	const struct config_line *lines;

	ASSERT_EQ(0, LOAD("[agent]\ncountry = de\ncountries = " COUNTRIES "\n"
			  LINE "ring-frequency = 50\n"
			  "[line 2]\nport = pots1\nnumber = 102\n"
			  "country = " COUNTRIES "/us.conf\ncaller-id = dtmf\n")) {
		TH_LOG("%s", self->reports);
	}
	lines = self->config.lines;
	EXPECT_STREQ("Germany", lines[0].national->name);
	EXPECT_STREQ("United States", lines[1].national->name);
	EXPECT_EQ(50000, lines[0].settings.ring_mhz);
	EXPECT_EQ(25000, lines[0].national->settings.ring_mhz);
	EXPECT_EQ(PORT_UNSET, lines[1].settings.ring_mhz);
	EXPECT_EQ(CALLERID_ETSI, lines[0].caller_id);
	EXPECT_EQ(CALLERID_DTMF, lines[1].caller_id);
	ASSERT_EQ(0, LOAD(LINE "country = " COUNTRIES "/jp.conf\n"));
	EXPECT_EQ(CALLERID_NTT, self->config.lines[0].caller_id);
	ASSERT_EQ(0, LOAD(LINE));
	EXPECT_EQ(NULL, self->config.lines[0].national);
	EXPECT_EQ(CALLERID_OFF, self->config.lines[0].caller_id);
}

TEST_F(file, errors_of_countries_have_a_column)
{
	EXPECT_REPORT("[agent]\ncountries = /nonexistent\ncountry = xx\n" LINE,
		      "xx.c:0: No such file or directory\n");
	write_file(self->secrets, "[country]\nname = x\n[tones]\ndial = 425/x\n");
	snprintf(self->text, sizeof(self->text), LINE "country = %s\n", self->secrets);
	EXPECT_REPORT(self->text, "secr:4: column 12: a length of 1 to 600000 ms is wanted\n");
}

/* Germany's flash ends before 500 ms and its pulses' breaks last 80 ms. */
TEST_F(file, a_line_may_contradict_its_country)
{
	EXPECT_REPORT("[agent]\ncountries = " COUNTRIES "\n" LINE "hook-release = 200 ms\n"
		      "country = de\n",
		      "conf:3: [line 1] with its country: flash-max is not below hook-release\n");
	EXPECT_EQ(0, LOAD(LINE "hook-release = 200 ms\n"));
	EXPECT_REPORT(LINE "hook-release = 200 ms\nflash-max = 200 ms\n",
		      "conf:1: [line 1]: flash-max is not below hook-release\n");
}

TEST_F(file, unknown_things)
{
	EXPECT_REPORT("[sip]\nprot = 5060\n" LINE, "conf:2: no such key in [sip]: prot\n");
	EXPECT_REPORT(LINE "\n[spi]\nport = 5060\n", "conf:5: no such section: [spi]\n");
	EXPECT_REPORT(LINE "[empty]\n", "conf:4: no such section: [empty]\n");
	EXPECT_REPORT(LINE "[sip x]\n", "conf:4: no such section: [sip x]\n");
	EXPECT_REPORT(LINE "[line]\n", "conf:4: no such section: [line]\n");
	EXPECT_REPORT("port = 1\n" LINE, "conf:1: port is before the first section\n");
	EXPECT_REPORT(LINE "[treatment]\n999 = tone busy\n",
		      "conf:5: no such response or cause: 999\n");
	EXPECT_REPORT(LINE "[treatment]\n404 = tone bussy\n",
		      "conf:5: 404: hang-up, silence or tone NAME, not: tone bussy\n");
}

TEST_F(file, bad_values)
{
	EXPECT_REPORT("[sip]\nport = 0\n" LINE, "conf:2: port: 0 is not within 1 to 65535\n");
	EXPECT_REPORT("[sip]\nport = 70000\n" LINE,
		      "conf:2: port: 70000 is not within 1 to 65535\n");
	EXPECT_REPORT("[sip]\nport = 5060x\n" LINE, "conf:2: port: not a number: 5060x\n");
	EXPECT_REPORT("[sip]\nport =\n" LINE, "conf:2: port: not a number: \n");
	EXPECT_REPORT("[sip]\nport = -1\n" LINE, "conf:2: port: not a number: -1\n");
	EXPECT_REPORT("[times]\ntone = 5 m\n" LINE,
		      "conf:2: tone: a time is a number of s or ms: 5 m\n");
	EXPECT_REPORT("[times]\ntone = 5 ms\n" LINE,
		      "conf:2: tone: 5 ms is not within 1000 to 600000 ms\n");
	EXPECT_REPORT("[agent]\nlog-level = loud\n" LINE,
		      "conf:2: log-level: one of: error warning info debug\n");
	EXPECT_REPORT("[responses]\nexpired = 486\n" LINE, "conf:2: expired: one of: 408 487\n");
	EXPECT_REPORT(LINE "dial-plan = 1[2\n", "conf:4: dial-plan: missing ] at \"\"\n");
	EXPECT_REPORT(LINE "dial-plan = 1y2\n", "conf:4: dial-plan: not a digit at \"y2\"\n");
	EXPECT_REPORT(LINE "codecs = g729\n",
		      "conf:4: codecs: pcma and pcmu, each once: g729\n");
	EXPECT_REPORT(LINE "hold-tone = maybe\n", "conf:4: hold-tone: yes or no\n");
	EXPECT_REPORT(LINE "ptime = 25 ms\n",
		      "conf:1: [line 1]: ptime is 10, 20 or 30 ms\n");
}

TEST_F(file, addresses)
{
	EXPECT_EQ(0, LOAD("[sip]\nlisten = ::1\n"
			  "dns-servers = 192.0.2.1,[2001:db8::1]:53,192.0.2.2:5353\n"
			  "[account x]\nuser = u\nregistrar = sip.example.net:5070\n"
			  "outbound-proxy = [2001:db8::2]:5060\ndomain = example.net\n" LINE));
	EXPECT_STREQ("", self->reports);
	config_free(&self->config);
	EXPECT_REPORT("[sip]\nlisten = eth0\n" LINE, "conf:2: listen: not an address: eth0\n");
	EXPECT_REPORT("[sip]\ndns-servers = 192.0.2.1,dns\n" LINE,
		      "conf:2: dns-servers: addresses with commas between, not: 192.0.2.1,dns\n");
	EXPECT_REPORT("[sip]\ndns-servers = 192.0.2.1,\n" LINE,
		      "conf:2: dns-servers: addresses with commas between, not: 192.0.2.1,\n");
	EXPECT_REPORT("[sip]\ndns-servers = 192.0.2.1:x\n" LINE,
		      "conf:2: dns-servers: addresses with commas between, not: 192.0.2.1:x\n");
	EXPECT_REPORT("[account x]\nuser = u\nregistrar = sip:example.net\n" LINE,
		      "conf:3: registrar: not a host, or host:port: sip:example.net\n");
	EXPECT_REPORT("[account x]\nuser = u\nregistrar = a.net\noutbound-proxy = a.net:0\n"
		      LINE, "conf:4: outbound-proxy: not a host, or host:port: a.net:0\n");
}

#define TRUNK "[account x]\nuser = gw\ndomain = a.net\n[trunk pstn]\nport = pots2\naccount = x\n"

TEST_F(file, trunk)
{
	const struct config_line *trunk;

	ASSERT_EQ(0, LOAD(TRUNK)) {
		TH_LOG("%s", self->reports);
	}
	ASSERT_EQ(1, self->config.line_count);
	trunk = &self->config.lines[0];
	EXPECT_TRUE(trunk->is_trunk);
	EXPECT_STREQ("trunk pstn", trunk->title);
	EXPECT_STREQ("", trunk->number);
	EXPECT_EQ(0, trunk->plan.alternatives);
	EXPECT_EQ(PORT_UNSET, trunk->settings.release_ms);
	EXPECT_EQ(PORT_UNSET, trunk->trunk.port.exchange.dc_mv);
	EXPECT_EQ(5000, trunk->trunk.identify_ms);
	EXPECT_EQ(TRUNK_ENDS_BATTERY | TRUNK_ENDS_POLARITY | TRUNK_ENDS_TONE, trunk->trunk.ends);
	EXPECT_TRUE(trunk->trunk.life_line);
	EXPECT_EQ(CALLERID_OFF, trunk->trunk.port.caller_id);
}

TEST_F(file, trunk_values)
{
	const struct config_trunk *trunk;
	const struct port_exchange *exchange;

	ASSERT_EQ(0, LOAD("[agent]\ncountry = us\ncountries = " COUNTRIES "\n" LINE TRUNK
			  "number = 199\nroute = 101\ndial-plan = 0x.T\nprefix = 0\n"
			  "emergency = 110 112\nemergency-preempts = yes\nlife-line = no\n"
			  "caller-id-wait = 0\n"
			  "answer = polarity\nanswer-after = 3 s\ndisconnect = reversal, tones\n"
			  "guard = 500 ms\ndialling = pulse\ndial-tone = 2 s\n"
			  "dial-blindly = yes\nimpedance = global\ndc-voltage = 3.35\n"
			  "loop-current-min = 12\non-hook-speed = 0.5\nring-threshold = 21.5\n"
			  "in-use-voltage = 18.5\npulse-map = n+1\nprogress-periods = 2\n")) {
		TH_LOG("%s", self->reports);
	}
	EXPECT_FALSE(self->config.lines[0].is_trunk);
	trunk = &self->config.lines[1].trunk;
	exchange = &trunk->port.exchange;
	EXPECT_STREQ("101", trunk->route);
	EXPECT_STREQ("110 112", trunk->emergency);
	EXPECT_TRUE(trunk->preempts);
	EXPECT_FALSE(trunk->life_line);
	EXPECT_EQ(CONFIG_ANSWER_POLARITY, trunk->answer);
	EXPECT_EQ(TRUNK_ENDS_REVERSAL | TRUNK_ENDS_TONE, trunk->ends);
	EXPECT_EQ(PORT_PULSE, trunk->port.way);
	EXPECT_TRUE(trunk->port.blind);
	EXPECT_EQ(CALLERID_BELLCORE, trunk->port.caller_id);
	EXPECT_EQ(POTS_IMPEDANCE_GLOBAL, exchange->impedance);
	EXPECT_EQ(3350, exchange->dc_mv);
	EXPECT_EQ(12000, exchange->loop_min_ua);
	EXPECT_EQ(500, exchange->on_hook_us);
	EXPECT_EQ(21500, exchange->ring_threshold_mv);
	EXPECT_EQ(18500, exchange->in_use_mv);
	EXPECT_EQ(POTS_PULSE_MAP_N_1, exchange->pulse_map);
	EXPECT_EQ(2, exchange->progress_periods);
}

TEST_F(file, trunks_belong_together)
{
	EXPECT_REPORT("[trunk 1]\nroute = 101\n" LINE, "conf:1: [trunk 1] needs: port\n");
	EXPECT_REPORT(LINE "[trunk 1]\nport = pots0\nroute = 101\n",
		      "conf:4: [trunk 1]: [line 1] has the same port\n");
	EXPECT_REPORT(LINE "[trunk 1]\nport = pots1\nroute = 101\nnumber = 101\n",
		      "conf:4: [trunk 1]: [line 1] has the same number\n");
	EXPECT_REPORT(LINE "[trunk 1]\nport = pots1\n",
		      "conf:4: [trunk 1] needs an account, or the number of a line as its route\n");
	EXPECT_REPORT(LINE "[trunk 1]\nport = pots1\nroute = 102\n",
		      "conf:4: [trunk 1] needs an account, or the number of a line as its route\n");
	EXPECT_REPORT(LINE "[trunk 1]\nport = pots1\naccount = y\n",
		      "conf:4: [trunk 1]: there is no [account y]\n");
	EXPECT_REPORT(TRUNK "flash = info\n", "conf:7: no such key in [trunk]: flash\n");
	EXPECT_REPORT(LINE "prefix = 0\n", "conf:4: no such key in [line]: prefix\n");
	EXPECT_REPORT(TRUNK "emergency = 112, 110\n",
		      "conf:7: emergency: numbers with blanks between, not: 112, 110\n");
	EXPECT_REPORT(TRUNK "disconnect = battery noise\n",
		      "conf:7: disconnect: some of: battery polarity reversal tones\n");
	EXPECT_REPORT(TRUNK "dc-voltage = 3.3\n",
		      "conf:7: dc-voltage: one of: 3.1 3.2 3.35 3.5\n");
	EXPECT_REPORT(TRUNK "in-use-voltage = 70\n",
		      "conf:7: in-use-voltage: 70 is not within 0 to 60 V\n");
	EXPECT_REPORT(TRUNK "progress-periods = 0\n",
		      "conf:7: progress-periods: 0 is not within 1 to 10\n");
	EXPECT_REPORT(TRUNK "guard = 0\n", "conf:7: guard: 0 s is not within 100 to 60000 ms\n");
	EXPECT_EQ(0, LOAD(TRUNK "[trunk 2]\nport = pots3\nroute = 5\naccount = x\n"
			  "[line pstn]\nport = pots0\nnumber = 1\n"));
	EXPECT_STREQ("", self->reports);
}

TEST_F(file, all_mistakes_are_told_at_once)
{
	EXPECT_REPORT("[sip]\nport = 0\nx = 1\n" LINE,
		      "conf:2: port: 0 is not within 1 to 65535\n"
		      "conf:3: no such key in [sip]: x\n");
}

TEST_F(file, set_twice)
{
	EXPECT_REPORT(LINE "number = 102\n", "conf:4: number is set twice\n");
	EXPECT_REPORT(LINE "[sip]\nport = 1\n[agent]\n[sip]\nport = 2\n",
		      "conf:8: port is set twice\n");
}

TEST_F(file, grammar)
{
	EXPECT_REPORT(LINE "nothing\n", "conf:4: neither [section] nor key = value\n");
	EXPECT_REPORT("[line 1\nport = pots0\n",
		      "conf:1: neither [section] nor key = value\n");
	/* Indented, it is a key of its own, not more of the line above. */
	EXPECT_REPORT("[line 1]\nport = pots0\n   number = 101\n   nummer = 1\n",
		      "conf:4: no such key in [line]: nummer\n");
}

TEST_F(file, long_line)
{
	char text[600] = LINE "dial-plan = ";

	memset(text + strlen(text), '1', 400);
	strcat(text, "\n[sip]\nport = 0\n");
	EXPECT_EQ(-EINVAL, LOAD(text));
	EXPECT_NE(NULL, strstr(self->reports, "conf:4: the line is longer than 198 characters\n"));
	EXPECT_NE(NULL, strstr(self->reports, "conf:6: port: 0 is not within"));
}

TEST_F(file, lines_belong_together)
{
	EXPECT_REPORT("[line 1]\nport = pots0\n", "conf:1: [line 1] needs: number\n");
	EXPECT_REPORT(LINE "[line 2]\nport = pots0\nnumber = 102\n",
		      "conf:4: [line 2]: [line 1] has the same port\n");
	EXPECT_REPORT(LINE "[line 2]\nport = pots1\nnumber = 101\n",
		      "conf:4: [line 2]: [line 1] has the same number\n");
	EXPECT_REPORT(LINE "account = office\n", "conf:1: [line 1]: there is no [account office]\n");
	EXPECT_REPORT(LINE "[account x]\nuser = u\n",
		      "conf:4: [account x] needs a registrar, a domain or an outbound-proxy\n");
	EXPECT_REPORT("", "conf:0: no [line ...] and no [trunk ...]: there is nothing to do\n");
}

TEST_F(file, no_file)
{
	EXPECT_EQ(-EINVAL, config_load(&self->config, "/nonexistent/conf", on_report,
				       self->reports));
	EXPECT_STREQ("conf:0: No such file or directory\n", self->reports);
}

#define WITH_SECRETS "[account a]\nregistrar = r\nuser = u\nsecret-file = %s\n" LINE

static int load_with_secrets(struct __test_metadata *_metadata, FIXTURE_DATA(file) *self,
			     const char *secrets, mode_t mode)
{
	char text[512];

	snprintf(text, sizeof(text), WITH_SECRETS, self->secrets);
	write_file(self->secrets, secrets);
	chmod(self->secrets, mode);
	return LOAD(text);
}

TEST_F(file, secrets)
{
	ASSERT_EQ(0, load_with_secrets(_metadata, self, "b = x\na = s3 cr=t\n", 0640));
	EXPECT_STREQ("s3 cr=t", self->config.accounts[0].sip.secret);

	EXPECT_EQ(-EINVAL, load_with_secrets(_metadata, self, "a = x\n", 0644));
	EXPECT_STREQ("secr:0: must be closed to others (chmod o-rwx)\n", self->reports);
	EXPECT_EQ(-EINVAL, load_with_secrets(_metadata, self, "b = x\n", 0600));
	EXPECT_STREQ("secr:0: no line \"a = ...\"\n", self->reports);
	EXPECT_EQ(-EINVAL, load_with_secrets(_metadata, self, "a = x\nrubbish\n", 0600));
	EXPECT_STREQ("secr:2: neither [section] nor key = value\n", self->reports);
}

#define WITH_SECRET "[account a]\nregistrar = r\nuser = u\nsecret = hush\n" LINE

/* Where the secret stands in it, the configuration is a file of secrets. */
TEST_F(file, a_secret_in_the_configuration_is_nobodys_business)
{
	ASSERT_EQ(0, LOAD(WITH_SECRET));
	chmod(self->path, 0644);
	EXPECT_EQ(-EINVAL, LOAD(WITH_SECRET));
	EXPECT_STREQ("conf:0: must be closed to others (chmod o-rwx)\n", self->reports);
	EXPECT_EQ(0, LOAD(LINE));
}

/* Unset is not 0: the kernel's value stays. */
TEST_F(file, port_settings)
{
	const struct port_settings *set;

	ASSERT_EQ(0, LOAD(LINE));
	set = &self->config.lines[0].settings;
	EXPECT_EQ(PORT_UNSET, set->seize_ms);
	EXPECT_EQ(PORT_UNSET, set->open_ms);
	EXPECT_EQ(PORT_UNSET, set->pulse);
	EXPECT_EQ(PORT_UNSET, set->impedance);
	EXPECT_EQ(PORT_UNSET, set->ring_mhz);
	EXPECT_EQ(PORT_GAIN_UNSET, set->to_line_cdb);
	EXPECT_EQ(0, set->cadence.pairs);

	ASSERT_EQ(0, LOAD(LINE "hook-seize = 30 ms\nhook-release = 1 s\nflash-min = 90 ms\n"
			  "flash-max = 850 ms\npulse-dialling = no\nopen-interval = 0\n"
			  "gain-to-line = -3.5\ngain-from-line = 6\nimpedance = ctr21\n"
			  "ring-frequency = 16.667\nring-cadence = 400,200, 400,2000\n")) {
		TH_LOG("%s", self->reports);
	}
	set = &self->config.lines[0].settings;
	EXPECT_EQ(30, set->seize_ms);
	EXPECT_EQ(1000, set->release_ms);
	EXPECT_EQ(90, set->flash_min_ms);
	EXPECT_EQ(850, set->flash_max_ms);
	EXPECT_EQ(0, set->pulse);
	EXPECT_EQ(0, set->open_ms);
	EXPECT_EQ(-350, set->to_line_cdb);
	EXPECT_EQ(600, set->from_line_cdb);
	EXPECT_EQ(POTS_IMPEDANCE_CTR21, set->impedance);
	EXPECT_EQ(16667, set->ring_mhz);
	EXPECT_EQ(2, set->cadence.pairs);
	EXPECT_EQ(400, set->cadence.on_ms[1]);
	EXPECT_EQ(2000, set->cadence.off_ms[1]);
	EXPECT_EQ(0, set->cadence.loop_start);
}

TEST_F(file, messages)
{
	ASSERT_EQ(0, LOAD(LINE));
	EXPECT_EQ(WAITING_STUTTER, self->config.lines[0].message_waiting);
	ASSERT_EQ(0, LOAD(LINE "message-waiting = polarity, fsk\n"));
	EXPECT_EQ(WAITING_FSK | WAITING_POLARITY, self->config.lines[0].message_waiting);
	ASSERT_EQ(0, LOAD(LINE "message-waiting =\n"));
	EXPECT_EQ(0, self->config.lines[0].message_waiting);
	EXPECT_REPORT(LINE "message-waiting = fsk lamp\n",
		      "conf:4: message-waiting: some of: stutter fsk polarity neon\n");
}

TEST_F(file, ringing)
{
	const struct port_settings *set;

	ASSERT_EQ(0, LOAD(LINE "ring-cadence = !500,500,2000,4000\nring-pattern-1 = 1,2\n"
			  "ring-pattern-8 = 3,4\nring-names = vip=8\n")) {
		TH_LOG("%s", self->reports);
	}
	set = &self->config.lines[0].settings;
	EXPECT_EQ(2, set->cadence.pairs);
	EXPECT_EQ(1, set->cadence.loop_start);
	EXPECT_EQ(500, set->cadence.on_ms[0]);
	EXPECT_EQ(1, set->pattern[0].on_ms[0]);
	EXPECT_EQ(3, set->pattern[7].on_ms[0]);
	EXPECT_EQ(0, set->pattern[1].pairs);
	EXPECT_STREQ("vip=8", self->config.lines[0].ring_names);
	EXPECT_REPORT(LINE "ring-cadence = !500,500\n",
		      "conf:4: ring-cadence: nothing is repeated: !500,500\n");
	EXPECT_REPORT(LINE "ring-cadence = 500,500,!1,1\n",
		      "conf:4: ring-cadence: up to 8 pairs of 1 to 60000 ms, as in 2000,4000: "
		      "500,500,!1,1\n");
	EXPECT_REPORT(LINE "ring-names = vip=8 boss\n",
		      "conf:4: ring-names: NAME=N, with N from 1 to 8, not: boss\n");
}

TEST_F(file, impedances_are_the_kernels)
{
	static const struct { const char *name; unsigned int value; } names[] = {
		{ "600", POTS_IMPEDANCE_600 }, { "900", POTS_IMPEDANCE_900 },
		{ "600+2u16", POTS_IMPEDANCE_600_2U16 }, { "900+2u16", POTS_IMPEDANCE_900_2U16 },
		{ "ctr21", POTS_IMPEDANCE_CTR21 }, { "au-nz", POTS_IMPEDANCE_AU_NZ },
		{ "sk-si-za", POTS_IMPEDANCE_SK_SI_ZA }, { "nz2", POTS_IMPEDANCE_NZ2 },
	};
	char text[128];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(text, sizeof(text), LINE "impedance = %s\n", names[i].name);
		ASSERT_EQ(0, LOAD(text));
		EXPECT_EQ(names[i].value, self->config.lines[0].settings.impedance);
	}
}

TEST_F(file, bad_port_settings)
{
	EXPECT_REPORT(LINE "gain-to-line = 10.5\n",
		      "conf:4: gain-to-line: 10.5 is not within -40 to 10 dB\n");
	EXPECT_REPORT(LINE "gain-to-line = loud\n",
		      "conf:4: gain-to-line: not a number of dB: loud\n");
	EXPECT_REPORT(LINE "ring-frequency = 5\n",
		      "conf:4: ring-frequency: 5 is not within 10 to 100 Hz\n");
	EXPECT_REPORT(LINE "ring-cadence = 2000\n",
		      "conf:4: ring-cadence: the last burst has no pause: 2000\n");
	EXPECT_REPORT(LINE "ring-cadence = 2000,0\n",
		      "conf:4: ring-cadence: up to 8 pairs of 1 to 60000 ms, as in 2000,4000: "
		      "2000,0\n");
	EXPECT_REPORT(LINE "ring-cadence = 1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1\n",
		      "conf:4: ring-cadence: up to 8 pairs of 1 to 60000 ms, as in 2000,4000: "
		      "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1\n");
	EXPECT_REPORT(LINE "pulse-dialling = 1\n", "conf:4: pulse-dialling: one of: no yes\n");
	EXPECT_REPORT(LINE "open-interval = 3\n",
		      "conf:4: open-interval: 3 s is not within 0 to 2000 ms\n");
}

/* What is printed can be read again and means the same; a secret is not printed. */
TEST_F(file, dump_is_a_config)
{
	char *first = NULL, *second = NULL, *secret;
	size_t size;
	FILE *out;

	ASSERT_EQ(0, LOAD("[account a]\nregistrar = r\nuser = u\nsecret = hush\n" LINE
			  "gain-to-line = -0.05\nring-frequency = 16.7\nring-cadence = 9,8\n"
			  "impedance = au-nz\nhook-seize = 30 ms\n"
			  "account = a\n[trunk t]\nport = pots1\naccount = a\nnumber = 5\n"
			  "emergency = 1 2\ndisconnect = tones\ndc-voltage = 3.35\n"
			  "progress-periods = 4\n[treatment]\n599 = silence\n"));
	out = open_memstream(&first, &size);
	config_dump(&self->config, out);
	fclose(out);
	EXPECT_EQ(NULL, strstr(first, "hush"));
	EXPECT_NE(NULL, strstr(first, "599 = silence\n"));

	ASSERT_EQ(0, LOAD(first)) {
		TH_LOG("%s", self->reports);
	}
	out = open_memstream(&second, &size);
	config_dump(&self->config, out);
	fclose(out);
	secret = strstr(first, "secret = (set)");
	EXPECT_NE(NULL, secret);
	EXPECT_STREQ(first, second);
	free(first);
	free(second);
}

TEST_F(file, examples)
{
	EXPECT_EQ(0, config_load(&self->config, TEST_DIR "/../../../agent/examples/local.conf",
				 on_report, self->reports));
	EXPECT_STREQ("", self->reports);
	config_free(&self->config);
	EXPECT_EQ(0, config_load(&self->config, TEST_DIR "/../../../agent/examples/trunk.conf",
				 on_report, self->reports)) {
		TH_LOG("%s", self->reports);
	}
	config_free(&self->config);
	/* Its secrets are not here, and that is all that is wrong. */
	if (access("/etc/pots/secrets", F_OK)) {
		EXPECT_EQ(-EINVAL, config_load(&self->config,
					       TEST_DIR "/../../../agent/examples/account.conf",
					       on_report, self->reports));
		EXPECT_STREQ("secr:0: No such file or directory\n", self->reports);
	}
}

/* Dashes are written \- in a manual page. */
static bool is_documented(const char *page, enum config_section section, const char *key)
{
	char wanted[64] = "\n.B ", header[64];
	const char *found, *end;
	size_t len = strlen(wanted);

	for (; *key; key++) {
		if (*key == '-')
			wanted[len++] = '\\';
		wanted[len++] = *key;
	}
	wanted[len++] = '\n';
	wanted[len] = 0;
	snprintf(header, sizeof(header), "\n.SH \"SECTION [%s", config_section_names[section]);
	page = strstr(page, header);
	if (!page)
		return false;
	end = strstr(page + 1, "\n.SH ");
	found = strstr(page, wanted);
	return found && found < end;
}

TEST_F(file, every_key_is_in_the_manual)
{
	static char page[65536];
	FILE *in = fopen(TEST_DIR "/../../../Documentation/man/potsd.conf.5", "r");

	ASSERT_NE(NULL, in);
	page[fread(page, 1, sizeof(page) - 1, in)] = 0;
	fclose(in);
	for (size_t i = 0; i < config_key_count; i++) {
		const struct config_key *key = &config_keys[i];

		for (unsigned int section = 0; section < CONFIG_TREATMENT; section++) {
			if (!config_key_is_in(key, section))
				continue;
			EXPECT_TRUE(is_documented(page, section, key->name)) {
				TH_LOG("%s is not in [%s] of potsd.conf(5)", key->name,
				       config_section_names[section]);
			}
		}
		EXPECT_NE(NULL, key->help);
	}
}

TEST_HARNESS_MAIN
