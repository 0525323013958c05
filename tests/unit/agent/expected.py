#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the lines of tones-expected.txt from a published table of national tones.

usage: expected.py TABLE

A row of TABLE begins with a country's code and has these cells, between bars:

  code|name|dial|stutter|recall|ringback|busy|congestion|unobtainable|call waiting|SIT|
  ring cadence|ring Hz|metering|sources|extra

Tones are written as f+f/ms,0/ms; "!" is once, N(...) N times, f*f a modulation, "@dB" a
level relative to the rest, "?" a doubt, "-" unknown. SIT, SITg, SITf and SIT-NA are the
usual sequences. Extra is "name:tone;...".

What the table leaves open is filled by rules and by the lists below. This parser
shares nothing with the agent's, which compiles data/countries.
"""

import re
import sys

SEQUENCES = {
    "SIT-NA": "!985.2/380,!1370.6/274,!1776.7/380",
    "SITg": "950/330,0/30,1400/330,0/30,1800/330,0/1000",
    "SITf": "950/300,0/30,1400/300,0/30,1800/300,0/1000",
    "SIT": "950/330,1400/330,1800/330,0/1000",
}
HOWLER = "1400+2060+2450+2600/100,0/100"
HOWLER_CDB = -900
# Ringback, and a call-waiting tone at the end of its burst.
SPECIAL = dict.fromkeys(("us", "ca", "gu"), "440+480/1700,440/300,0/4000")

# Told beside the table's row: somebody holds a call, in tone A, then B.
HOLD = {"sg": "425*24/500,0/500,425/500,0/2500"}

# Levels of each sine in hundredths of dBm0, by sound and by tone. Elsewhere a tone has as
# much power in all, and a sum of sines so much less in each.
PLAIN_CDB = -1000
TOGETHER_CDB = {0: 0, 1: 0, 2: 300, 3: 500, 4: 600}
AMERICAN = {"each": -1300, "440+480": -1900, "480+620": -2400}
LEVELS = {
    "hk": {"each": -1300, "call-waiting": -1000},
    "kr": {"each": -1000, "ringback": -1500, "ringback-special": -1500, "busy": -2000,
           "reorder": -2000},
    "gb": {"each": -1800, "350+440": (-2200, -1800)},
    "de": {"each": -1600},
    "ch": {"each": -1300, "dial": -800, "stutter": -800, "recall": -800},
}
WARNING = {
    "at": "1400/80,0/14920", "bg": "1400/425,0/15000", "nz": "1400/425,0/15000",
    "cn": "950/400,0/10000", "za": "1400/500,0/10000", "br": "425/250,0/250",
    **dict.fromkeys("de ch dk".split(), "1400/80,0/15000"),
    **dict.fromkeys("ru no it gr hu mo".split(), "1400/400,0/15000"),
    **dict.fromkeys("cz ar".split(), "1400/500,0/14000"),
    **dict.fromkeys("gb my".split(), "1400/500,0/60000"),
}
DTMF = {
    **dict.fromkeys("us-old au no cl il in ch my ph ru tr mo ae".split(), (-1000, -1000)),
    **dict.fromkeys("nz tw sg cn ar th".split(), (-1100, -900)),
    "jp": (-700, -700), "za": (-1100, -1300), "br": (-1000, -1200), "mx": (-800, -600),
    "ve": (-700, -900),
}
DTMF_PLAIN = (-900, -1100)
DTMF_AMERICAN = (-1000, -1000)
DEPTH = {"sg": 100}
DEPTH_PLAIN = 90


class Tones:
    """Parses a cell into steps: (once, [(hz, dB)], modulating hz, ms)."""

    token = re.compile(r"\s*([!(),/+*@]|-?\d+(?:\.\d+)?|SIT-NA|SIT[gf]?)")

    def __init__(self, text):
        self.tokens = self.token.findall(text)
        if "".join(self.tokens) != text.replace(" ", ""):
            raise ValueError(text)
        self.at = 0
        self.steps = self.sequence()
        if self.at != len(self.tokens):
            raise ValueError(text)

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, wanted=None):
        token = self.peek()
        if wanted is not None and token != wanted:
            raise ValueError("%s, not %s" % (token, wanted))
        self.at += 1
        return token

    def sequence(self):
        steps = self.element()
        while self.peek() == ",":
            self.take()
            steps += self.element()
        return steps

    def element(self):
        once = self.peek() == "!"
        if once:
            self.take()
        if self.peek() in SEQUENCES:
            steps = Tones(SEQUENCES[self.take()]).steps
            # An announcement follows it that comes once, not the next round.
            if once:
                steps = [step for step in steps if step[1]]
        elif self.peek() == "(" or self.tokens[self.at + 1:self.at + 2] == ["("]:
            times = 1 if self.peek() == "(" else int(self.take())
            self.take("(")
            steps = self.sequence() * times
            self.take(")")
        else:
            steps = [self.sound()]
        return [(once or step[0],) + step[1:] for step in steps]

    def frequency(self):
        hz, level = float(self.take()), 0.0
        if self.peek() == "@":
            self.take()
            level = float(self.take())
        return hz, level

    def sound(self):
        sines, modulation, ms = [self.frequency()], 0.0, 0
        while self.peek() == "+":
            self.take()
            sines.append(self.frequency())
        if self.peek() == "*":
            self.take()
            modulation = float(self.take())
        if self.peek() == "/":
            self.take()
            ms = int(self.take())
        return (False, [s for s in sines if s[0]], modulation, ms)


class Plan:
    """A row of the table, with what it leaves open filled in."""

    names = ("dial", "stutter", "recall", "ringback", "busy", "reorder", "unobtainable",
             "call-waiting", "sit")
    order = names[:8] + ("howler", "sit", "confirmation", "hold", "warning",
                         "ringback-special")

    def __init__(self, row):
        cells = [cell.rstrip("?") for cell in row.split("|")]
        self.code = cells[0]
        self.ring, self.ring_hz = cells[11], float(cells[12])
        self.tones = {n: c for n, c in zip(self.names, cells[2:11]) if c != "-"}
        self.extra = dict(e.rstrip("?").split(":", 1) for e in cells[15].split(";") if ":" in e)
        self.american = self.code not in LEVELS and self.tones.get("busy", "").startswith("480+620")
        self.fill()

    def sound_of(self, tone):
        """The first sound of a tone, without its length."""
        return re.match(r"[!\d(]*?([\d.]+(?:[+*@][\d.]+)*)", self.tones[tone]).group(1)

    def fill(self):
        tones = self.tones
        if "dial" not in tones:
            tones["dial"] = "350+440" if self.american else self.sound_of(
                "busy" if "busy" in tones else "ringback")
        sound = self.sound_of("dial")
        single = re.split("[+*]", sound)[0]
        given_sit = "sit" in tones
        tones.setdefault("stutter", "!6(%s/100,0/100),%s" % (sound, tones["dial"]))
        tones.setdefault("recall", "!3(%s/100,0/100),%s" % (sound, tones["dial"]))
        tones.setdefault("busy", "%s/500,0/500" % sound)
        tones.setdefault("reorder", "%s/250,0/250" % self.sound_of("busy"))
        tones.setdefault("sit", "SIT")
        tones.setdefault("unobtainable", tones["sit"] if given_sit else "SIT")
        tones.setdefault("call-waiting", "%s/200,0/200,%s/200,0/5000" % (single, single))
        tones["howler"] = self.extra.get("howl", HOWLER)
        tones["confirmation"] = next(
            (self.extra[n] for n in ("conf", "pos", "accept") if n in self.extra),
            "!3(%s/100,0/100)" % sound)
        held = "440" if single == "350" else single
        tones["hold"] = self.extra.get("hold", HOLD.get(
            self.code, "%s/100,0/100,%s/100,0/9500" % (held, held)))
        tones["warning"] = self.extra.get("rec", WARNING.get(self.code, "1400/500,0/15000"))
        tones["ringback-special"] = SPECIAL.get(self.code, tones["ringback"])

    def levels(self, tone, sines):
        """Of each sine."""
        if tone == "howler" and len(sines) == 4:
            return [HOWLER_CDB] * 4
        levels = AMERICAN if self.american else LEVELS.get(self.code)
        if not levels:
            return [PLAIN_CDB - TOGETHER_CDB[len(sines)]] * len(sines)
        sound = "+".join("%g" % hz for hz, _ in sines)
        level = levels.get(sound, levels.get(tone, levels["each"]))
        return level if isinstance(level, tuple) else [level] * len(sines)

    def step(self, tone, step):
        _, sines, modulation, ms = step
        text = ",".join("%d@%d" % (round(hz * 1000), level + round(db * 100))
                        for (hz, db), level in zip(sines, self.levels(tone, sines)))
        if modulation:
            text += "*%d%%%d" % (round(modulation * 1000), DEPTH.get(self.code, DEPTH_PLAIN))
        return "%d:%s" % (ms, text)

    def tone(self, name):
        steps = Tones(self.tones[name]).steps
        once = [step[0] for step in steps]
        start, repeat = (0, 1) if all(once) else (once.index(False), 0)
        return "%s %s %d %d %d %s" % (self.code, name, len(steps), start, repeat,
                                      " ".join(self.step(name, step) for step in steps))

    def lines(self):
        yield from map(self.tone, self.order)
        plain = DTMF_AMERICAN if self.american else DTMF_PLAIN
        yield "%s dtmf %d %d" % ((self.code,) + DTMF.get(self.code, plain))
        yield "%s ring %d %s" % (self.code, round(self.ring_hz * 1000),
                                 self.ring.replace(",", " "))


# No table has these two: one is taken to be like the United States, one is what is usual.
LIKE_US = "gu"
USUAL = "ye|Yemen|425|-|-|425/1000,0/4000|425/500,0/500|425/250,0/250|-|-|-|1000,4000|25|-|-|"


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: expected.py TABLE")
    with open(sys.argv[1], encoding="utf-8") as table:
        rows = [row.strip() for row in table
                if re.match(r"[a-z]{2}(-old)?\|", row) and not row.startswith("cc|")]
    rows += [LIKE_US + row[2:] for row in rows if row.startswith("us|")] + [USUAL]
    for row in rows:
        print("\n".join(Plan(row).lines()))


if __name__ == "__main__":
    main()
