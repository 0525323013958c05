// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tones: which program plays, by whom, and how it ends. Samples come from
 * tone.c on the highway, or from the chip's own oscillators where there is none.
 *
 * A tone that ends gives way to the next at once: what is left of it is the off
 * ramp of the player "fading", so no replacement clicks.
 */
#include "pots_core.h"

#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/string.h>

static void program_free(struct kref *kref)
{
	kfree(container_of(kref, struct pots_program, kref));
}

static void program_put(struct pots_program *held)
{
	if (held)
		kref_put(&held->kref, program_free);
}

static void voice_end_locked(struct pots_voice *voice)
{
	voice->player.active = false;
	program_put(voice->held);
	voice->held = NULL;
}

/* Moves what plays to its off ramp; an older ramp is cut. */
static void retire_locked(struct pots_port *port)
{
	struct pots_tone *tone = &port->tone;

	lockdep_assert_held(&port->audio_lock);

	if (!tone->now.player.active)
		return;
	voice_end_locked(&tone->fading);
	tone->fading = tone->now;
	memset(&tone->now, 0, sizeof(tone->now));
	pots_tone_stop(&tone->fading.player);
}

static void done_locked(struct pots_port *port, u32 reason)
{
	lockdep_assert_held(&port->lock);

	if (!port->tone.cookie)
		return;
	pots_event_post_locked(port, ktime_get_ns(), POTS_EVENT_TONE_DONE, reason,
			       port->tone.cookie, 0);
	port->tone.cookie = 0;
	pots_port_set_state_locked(port, POTS_STATE_TONE, 0);
}

void pots_tone_exit(struct pots_port *port)
{
	unsigned int i;

	voice_end_locked(&port->tone.now);
	voice_end_locked(&port->tone.fading);
	for (i = 0; i < POTS_TONE_COUNT; i++)
		program_put(port->tone.plan[i]);
}

static void chip_stop(struct pots_port *port)
{
	if (!port->tone.by_chip)
		return;
	pots_timer_cancel(&port->tone.timer);
	pots_op_chip_tone(port, NULL);
	port->tone.by_chip = false;
}

void pots_tone_end(struct pots_port *port, u32 reason)
{
	lockdep_assert_held(&port->cmd_lock);

	chip_stop(port);
	spin_lock_bh(&port->audio_lock);
	retire_locked(port);
	spin_lock_irq(&port->lock);
	done_locked(port, reason);
	spin_unlock_irq(&port->lock);
	spin_unlock_bh(&port->audio_lock);
}
EXPORT_SYMBOL_GPL(pots_tone_end);

void pots_tone_silence(struct pots_port *port)
{
	spin_lock_bh(&port->audio_lock);
	voice_end_locked(&port->tone.now);
	voice_end_locked(&port->tone.fading);
	spin_unlock_bh(&port->audio_lock);
}

/* The one moment at which the old tone ends and the new one is named. */
static void renamed_locked(struct pots_port *port, u32 cookie)
{
	spin_lock_irq(&port->lock);
	done_locked(port, POTS_DONE_REPLACED);
	port->tone.cookie = cookie;
	port->stats.tones++;
	pots_port_set_state_locked(port, 0, POTS_STATE_TONE);
	spin_unlock_irq(&port->lock);
}

static int play_on_highway(struct pots_port *port, const struct pots_play *play,
			   u32 max_ms)
{
	struct pots_program *held = port->tone.plan[play->tone];
	struct pots_voice *now = &port->tone.now;
	int ret;

	ret = pots_highway_need(port);
	if (ret)
		return ret;

	chip_stop(port);
	if (held)
		kref_get(&held->kref);
	spin_lock_bh(&port->audio_lock);
	retire_locked(port);
	now->held = held;
	pots_tone_start(&now->player,
			held ? &held->program : pots_tone_builtin(play->tone),
			play->gain_cdb, (u64)max_ms * (POTS_RATE_HZ / 1000));
	port->tone.mix = play->flags & POTS_PLAY_F_MIX;
	renamed_locked(port, play->cookie);
	spin_unlock_bh(&port->audio_lock);
	return 0;
}

static bool fill_chip_tone(struct pots_chip_tone *chip,
			   const struct pots_tone_program *program, s32 gain_cdb)
{
	unsigned int i;

	if (!pots_tone_fits_chip(program, chip->freq_mhz, chip->level_cdb,
				 &chip->on_ms, &chip->off_ms))
		return false;
	for (i = 0; i < ARRAY_SIZE(chip->level_cdb); i++) {
		s32 level_cdb = chip->level_cdb[i] + gain_cdb;

		if (!chip->freq_mhz[i])
			continue;
		if (level_cdb > POTS_TONE_LEVEL_MAX_CDB)
			return false;
		chip->level_cdb[i] = max(level_cdb, POTS_TONE_LEVEL_MIN_CDB);
	}
	return true;
}

static int play_by_chip(struct pots_port *port, const struct pots_play *play,
			const struct pots_tone_program *program, u32 max_ms)
{
	struct pots_tone *tone = &port->tone;
	struct pots_chip_tone chip = {};
	int ret;

	if (!fill_chip_tone(&chip, program,
			    play->gain_cdb + port->settings.to_line_cdb))
		return -EOPNOTSUPP;
	ret = pots_op_chip_tone(port, &chip);
	if (ret) {
		if (ret != -EOPNOTSUPP && tone->by_chip)
			pots_tone_end(port, POTS_DONE_FAILED);
		return ret;
	}

	pots_timer_cancel(&tone->timer);
	tone->chip = chip;
	tone->by_chip = true;
	tone->chip_end = POTS_DONE_TIMEOUT;
	if (chip.on_ms && !chip.off_ms && chip.on_ms <= max_ms) {
		tone->chip_end = POTS_DONE_FINISHED;
		max_ms = chip.on_ms;
	}
	pots_timer_in(&tone->timer, max_ms);
	renamed_locked(port, play->cookie);
	return 0;
}

const struct pots_tone_program *pots_tone_program_of(const struct pots_port *port, u32 id)
{
	const struct pots_program *own = port->tone.plan[id];

	return own ? &own->program : pots_tone_builtin(id);
}
EXPORT_SYMBOL_GPL(pots_tone_program_of);

static int check_play(const struct pots_play *play)
{
	if (play->tone >= POTS_TONE_COUNT || play->flags & ~POTS_PLAY_F_MIX ||
	    memchr_inv(play->reserved, 0, sizeof(play->reserved)))
		return -EINVAL;
	if (play->max_ms > POTS_TONE_MAX_MS || play->gain_cdb < POTS_GAIN_MIN_CDB ||
	    play->gain_cdb > POTS_GAIN_MAX_CDB)
		return -ERANGE;
	return 0;
}

bool pots_tone_is_audible(struct pots_port *port)
{
	u32 state = READ_ONCE(port->state);

	return state & POTS_STATE_OFF_HOOK &&
	       !(state & (POTS_STATE_HANGUP | POTS_STATE_ALARM)) &&
	       (port->exchange || port->feed != POTS_LINE_OPEN);
}
EXPORT_SYMBOL_GPL(pots_tone_is_audible);

int pots_tone_play(struct pots_port *port, void *arg)
{
	const struct pots_tone_program *program;
	struct pots_play *play = arg;
	u32 max_ms;
	int ret;

	ret = check_play(play);
	if (ret)
		return ret;
	program = pots_tone_program_of(port, play->tone);
	if (!program)
		return -EINVAL;
	if (!pots_tone_is_audible(port))
		return -ENOLINK;
	if (port->state & POTS_STATE_DIALLING)
		return -EBUSY;

	max_ms = play->max_ms ?: POTS_TONE_MAX_MS;
	play->cookie = pots_port_new_cookie(port);
	ret = play_on_highway(port, play, max_ms);
	if (ret)
		ret = play_by_chip(port, play, program, max_ms);
	return ret;
}

int pots_tone_stop_ioctl(struct pots_port *port, void *arg)
{
	const struct pots_stop *stop = arg;

	if (stop->reserved)
		return -EINVAL;
	/* One that ends by itself meanwhile makes the rest of this a no-op. */
	if (!stop->cookie || stop->cookie == READ_ONCE(port->tone.cookie))
		pots_tone_end(port, POTS_DONE_STOPPED);
	return 0;
}

static struct pots_program *program_copy(const struct pots_tone_program *program)
{
	struct pots_program *held;
	size_t used = offsetof(struct pots_tone_program, step) +
		      program->count * sizeof(program->step[0]);

	held = kmalloc(offsetof(struct pots_program, program) + used, GFP_KERNEL);
	if (!held)
		return NULL;
	kref_init(&held->kref);
	memcpy(&held->program, program, used);
	return held;
}

/* A number without a name must not be taken before it has a meaning. */
static bool is_named(u32 tone)
{
	return (tone >= POTS_TONE_USER && tone < POTS_TONE_COUNT) ||
	       pots_tone_builtin(tone);
}

int pots_tone_set(struct pots_port *port, void *arg)
{
	const struct pots_set_tone *set = arg;
	struct pots_program *held = NULL;
	int ret;

	if (!is_named(set->tone) || set->flags & ~POTS_SET_TONE_F_DEFAULT)
		return -EINVAL;

	if (set->flags & POTS_SET_TONE_F_DEFAULT) {
		if (memchr_inv(&set->program, 0, sizeof(set->program)))
			return -EINVAL;
	} else {
		ret = set->program.reserved ? -EINVAL : pots_tone_check(&set->program);
		if (ret)
			return ret;
		held = program_copy(&set->program);
		if (!held)
			return -ENOMEM;
	}

	program_put(port->tone.plan[set->tone]);
	port->tone.plan[set->tone] = held;
	if (port->exchange)
		port->exchange->plan_changed(port, set->tone);
	return 0;
}

void pots_tone_timer_over(struct pots_port *port)
{
	/* A newer tone has set the timer anew. */
	if (port->tone.by_chip && !pots_timer_is_set(&port->tone.timer))
		pots_tone_end(port, port->tone.chip_end);
}

void pots_tone_released(struct pots_port *port)
{
	pots_announce_released(port);
	/* Lifted again meanwhile: whatever plays now was asked for since. */
	if (READ_ONCE(port->state) & POTS_STATE_OFF_HOOK)
		return;
	pots_tone_end(port, POTS_DONE_HOOK);
	pots_meter_end(port, POTS_DONE_HOOK);
}

int pots_tone_restore(struct pots_port *port)
{
	int ret = 0;

	if (port->tone.by_chip)
		ret = pots_op_chip_tone(port, &port->tone.chip);
	if (ret)
		pots_tone_end(port, POTS_DONE_FAILED);
	return ret;
}

static void finish(struct pots_port *port, enum pots_tone_end end)
{
	unsigned long flags;

	voice_end_locked(&port->tone.now);
	spin_lock_irqsave(&port->lock, flags);
	done_locked(port, end == POTS_TONE_TIMEOUT ? POTS_DONE_TIMEOUT :
						     POTS_DONE_FINISHED);
	spin_unlock_irqrestore(&port->lock, flags);
}

void pots_tone_mix(struct pots_port *port, s16 *to_line, unsigned int samples)
{
	struct pots_tone *tone = &port->tone;
	enum pots_tone_end end;

	lockdep_assert_held(&port->audio_lock);

	if (tone->now.player.active) {
		end = pots_tone_render(&tone->now.player, to_line, samples, tone->mix);
		if (end != POTS_TONE_PLAYS)
			finish(port, end);
	}
	if (tone->fading.player.active &&
	    pots_tone_render(&tone->fading.player, to_line, samples, true) !=
	    POTS_TONE_PLAYS) {
		voice_end_locked(&tone->fading);
		pots_port_todo(port, POTS_TODO_REVIEW);
	}
}
