/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The binary interface as it was when it was first published. A line here is
 * never changed: a struct that must grow takes its reserved fields.
 */
#ifndef POTS_TEST_LAYOUT_H
#define POTS_TEST_LAYOUT_H

#include <linux/pots.h>
#include <stddef.h>

/* SIZE(struct, bytes); AT(struct, field, offset) */
#define POTS_LAYOUT(SIZE, AT)						\
	SIZE(pots_info, 128)						\
	AT(pots_info, id, 0)						\
	AT(pots_info, type, 4)						\
	AT(pots_info, caps, 8)						\
	AT(pots_info, highway_depth, 12)				\
	AT(pots_info, tone_steps_max, 16)				\
	AT(pots_info, ring_pairs_max, 20)				\
	AT(pots_info, ring_min_mhz, 24)					\
	AT(pots_info, ring_max_mhz, 28)					\
	AT(pots_info, tone_max_ms, 32)					\
	AT(pots_info, ring_max_ms, 36)					\
	AT(pots_info, name, 40)						\
	AT(pots_info, chip, 56)						\
	AT(pots_info, label, 72)					\
	AT(pots_info, ring_dc_max_mv, 104)				\
	AT(pots_info, reserved, 108)					\
	SIZE(pots_state, 32)						\
	AT(pots_state, timestamp_ns, 0)					\
	AT(pots_state, state, 8)					\
	AT(pots_state, feed, 12)					\
	AT(pots_state, tone_cookie, 16)					\
	AT(pots_state, ring_cookie, 20)					\
	AT(pots_state, reserved, 24)					\
	SIZE(pots_claim, 16)						\
	AT(pots_claim, fd, 0)						\
	AT(pots_claim, flags, 4)					\
	AT(pots_claim, watchdog_ms, 8)					\
	AT(pots_claim, reserved, 12)					\
	SIZE(pots_event, 32)						\
	AT(pots_event, timestamp_ns, 0)					\
	AT(pots_event, seqno, 8)					\
	AT(pots_event, type, 12)					\
	AT(pots_event, flags, 14)					\
	AT(pots_event, value, 16)					\
	AT(pots_event, cookie, 20)					\
	AT(pots_event, extra, 24)					\
	AT(pots_event, reserved, 28)					\
	SIZE(pots_tone_step, 32)					\
	AT(pots_tone_step, freq_mhz, 0)					\
	AT(pots_tone_step, level_cdb, 16)				\
	AT(pots_tone_step, samples, 24)					\
	AT(pots_tone_step, am_depth, 28)				\
	AT(pots_tone_step, flags, 30)					\
	SIZE(pots_tone_program, 2064)					\
	AT(pots_tone_program, count, 0)					\
	AT(pots_tone_program, loop_start, 4)				\
	AT(pots_tone_program, repeat, 8)				\
	AT(pots_tone_program, reserved, 12)				\
	AT(pots_tone_program, step, 16)					\
	SIZE(pots_set_tone, 2072)					\
	AT(pots_set_tone, tone, 0)					\
	AT(pots_set_tone, flags, 4)					\
	AT(pots_set_tone, program, 8)					\
	SIZE(pots_play, 32)						\
	AT(pots_play, tone, 0)						\
	AT(pots_play, flags, 4)						\
	AT(pots_play, max_ms, 8)					\
	AT(pots_play, gain_cdb, 12)					\
	AT(pots_play, cookie, 16)					\
	AT(pots_play, reserved, 20)					\
	SIZE(pots_stop, 8)						\
	AT(pots_stop, cookie, 0)					\
	AT(pots_stop, reserved, 4)					\
	SIZE(pots_ring, 80)						\
	AT(pots_ring, flags, 0)						\
	AT(pots_ring, freq_mhz, 4)					\
	AT(pots_ring, max_ms, 8)					\
	AT(pots_ring, count, 12)					\
	AT(pots_ring, loop_start, 16)					\
	AT(pots_ring, cookie, 20)					\
	AT(pots_ring, on_ms, 24)					\
	AT(pots_ring, off_ms, 40)					\
	AT(pots_ring, dc_mv, 56)					\
	AT(pots_ring, reserved, 60)					\
	SIZE(pots_cid, 312)						\
	AT(pots_cid, flags, 0)						\
	AT(pots_cid, signal, 4)						\
	AT(pots_cid, count, 6)						\
	AT(pots_cid, level_cdb, 8)					\
	AT(pots_cid, alert_level_cdb, 10)				\
	AT(pots_cid, bursts, 12)					\
	AT(pots_cid, before_alert_ms, 14)				\
	AT(pots_cid, alert_ms, 16)					\
	AT(pots_cid, before_data_ms, 18)				\
	AT(pots_cid, after_data_ms, 20)					\
	AT(pots_cid, seizure_bits, 22)					\
	AT(pots_cid, mark_bits, 24)					\
	AT(pots_cid, stop_bits, 26)					\
	AT(pots_cid, tail_bits, 28)					\
	AT(pots_cid, on_ms, 30)						\
	AT(pots_cid, off_ms, 32)					\
	AT(pots_cid, ack_ms, 34)					\
	AT(pots_cid, pulses, 36)					\
	AT(pots_cid, pulse_off_ms, 38)					\
	AT(pots_cid, hangup_ms, 40)					\
	AT(pots_cid, reserved, 42)					\
	AT(pots_cid, cookie, 48)					\
	AT(pots_cid, data, 52)						\
	SIZE(pots_ring_cid, 392)					\
	AT(pots_ring_cid, ring, 0)					\
	AT(pots_ring_cid, cid, 80)					\
	SIZE(pots_hangup, 16)						\
	AT(pots_hangup, flags, 0)					\
	AT(pots_hangup, open_ms, 4)					\
	AT(pots_hangup, reserved, 8)					\
	SIZE(pots_linefeed, 8)						\
	AT(pots_linefeed, feed, 0)					\
	AT(pots_linefeed, reserved, 4)					\
	SIZE(pots_settings, 96)						\
	AT(pots_settings, flags, 0)					\
	AT(pots_settings, impedance, 4)					\
	AT(pots_settings, seize_ms, 8)					\
	AT(pots_settings, release_ms, 10)				\
	AT(pots_settings, flash_min_ms, 12)				\
	AT(pots_settings, flash_max_ms, 14)				\
	AT(pots_settings, pulse_break_min_ms, 16)			\
	AT(pots_settings, pulse_break_max_ms, 18)			\
	AT(pots_settings, pulse_make_min_ms, 20)			\
	AT(pots_settings, pulse_make_max_ms, 22)			\
	AT(pots_settings, open_ms, 24)					\
	AT(pots_settings, ring_pairs, 26)				\
	AT(pots_settings, ring_on_ms, 28)				\
	AT(pots_settings, ring_off_ms, 44)				\
	AT(pots_settings, ring_mhz, 60)					\
	AT(pots_settings, to_line_cdb, 64)				\
	AT(pots_settings, from_line_cdb, 66)				\
	AT(pots_settings, reserved, 68)					\
	SIZE(pots_audio, 32)						\
	AT(pots_audio, flags, 0)					\
	AT(pots_audio, read_frames, 4)					\
	AT(pots_audio, write_low_frames, 8)				\
	AT(pots_audio, queue_frames, 12)				\
	AT(pots_audio, reserved, 16)					\
	SIZE(pots_queue, 40)						\
	AT(pots_queue, to_line_frames, 0)				\
	AT(pots_queue, from_line_frames, 4)				\
	AT(pots_queue, frames_ns, 8)					\
	AT(pots_queue, frames, 16)					\
	AT(pots_queue, underruns, 24)					\
	AT(pots_queue, overruns, 28)					\
	AT(pots_queue, reserved, 32)					\
	SIZE(pots_seize, 16)						\
	AT(pots_seize, flags, 0)					\
	AT(pots_seize, reserved, 4)					\
	SIZE(pots_flash, 16)						\
	AT(pots_flash, ms, 0)						\
	AT(pots_flash, cookie, 4)					\
	AT(pots_flash, reserved, 8)					\
	SIZE(pots_dial, 120)						\
	AT(pots_dial, flags, 0)						\
	AT(pots_dial, count, 4)						\
	AT(pots_dial, digit, 8)						\
	AT(pots_dial, on_ms, 72)					\
	AT(pots_dial, off_ms, 74)					\
	AT(pots_dial, level_cdb, 76)					\
	AT(pots_dial, twist_cdb, 78)					\
	AT(pots_dial, break_ms, 80)					\
	AT(pots_dial, make_ms, 82)					\
	AT(pots_dial, interdigit_ms, 84)				\
	AT(pots_dial, pause_ms, 86)					\
	AT(pots_dial, wait_ms, 88)					\
	AT(pots_dial, pulse_map, 92)					\
	AT(pots_dial, cookie, 96)					\
	AT(pots_dial, reserved, 100)					\
	SIZE(pots_exchange, 80)						\
	AT(pots_exchange, flags, 0)					\
	AT(pots_exchange, impedance, 4)					\
	AT(pots_exchange, loop_min_ua, 8)				\
	AT(pots_exchange, on_hook_us, 12)				\
	AT(pots_exchange, ring_threshold_mv, 16)			\
	AT(pots_exchange, ring_min_mhz, 20)				\
	AT(pots_exchange, ring_max_mhz, 24)				\
	AT(pots_exchange, cid_signal, 28)				\
	AT(pots_exchange, ring_timeout_ms, 32)				\
	AT(pots_exchange, battery_mv, 36)				\
	AT(pots_exchange, in_use_mv, 40)				\
	AT(pots_exchange, dc_mv, 44)					\
	AT(pots_exchange, battery_ms, 46)				\
	AT(pots_exchange, polarity_ms, 48)				\
	AT(pots_exchange, flash_ms, 50)					\
	AT(pots_exchange, progress_periods, 52)				\
	AT(pots_exchange, reserved16, 54)				\
	AT(pots_exchange, reserved, 56)					\
	SIZE(pots_caller_id, 288)					\
	AT(pots_caller_id, timestamp_ns, 0)				\
	AT(pots_caller_id, signal, 8)					\
	AT(pots_caller_id, count, 12)					\
	AT(pots_caller_id, flags, 16)					\
	AT(pots_caller_id, reserved, 20)				\
	AT(pots_caller_id, data, 28)					\
	SIZE(pots_meter, 32)						\
	AT(pots_meter, signal, 0)					\
	AT(pots_meter, count, 4)					\
	AT(pots_meter, on_ms, 8)					\
	AT(pots_meter, off_ms, 10)					\
	AT(pots_meter, cookie, 12)					\
	AT(pots_meter, reserved, 16)					\
	SIZE(pots_lamp, 16)						\
	AT(pots_lamp, on_ms, 0)						\
	AT(pots_lamp, off_ms, 2)					\
	AT(pots_lamp, reserved, 4)

/* COMMAND(name, direction, number, bytes); the encoding is the machine's */
#define POTS_COMMANDS(COMMAND)						\
	COMMAND(POTS_GET_INFO, _IOC_READ, 0x00, 128)			\
	COMMAND(POTS_GET_STATE, _IOC_READ, 0x01, 32)			\
	COMMAND(POTS_CLAIM, _IOC_READ | _IOC_WRITE, 0x02, 16)		\
	COMMAND(POTS_FEED_WATCHDOG, _IOC_NONE, 0x10, 0)			\
	COMMAND(POTS_PLAY_TONE, _IOC_READ | _IOC_WRITE, 0x11, 32)	\
	COMMAND(POTS_STOP_TONE, _IOC_WRITE, 0x12, 8)			\
	COMMAND(POTS_SET_TONE, _IOC_WRITE, 0x13, 2072)			\
	COMMAND(POTS_RING, _IOC_READ | _IOC_WRITE, 0x14, 80)		\
	COMMAND(POTS_STOP_RING, _IOC_WRITE, 0x15, 8)			\
	COMMAND(POTS_HANGUP, _IOC_WRITE, 0x16, 16)			\
	COMMAND(POTS_SET_LINEFEED, _IOC_WRITE, 0x17, 8)			\
	COMMAND(POTS_GET_SETTINGS, _IOC_READ, 0x18, 96)			\
	COMMAND(POTS_SET_SETTINGS, _IOC_WRITE, 0x19, 96)		\
	COMMAND(POTS_AUDIO_START, _IOC_WRITE, 0x1a, 32)			\
	COMMAND(POTS_AUDIO_STOP, _IOC_NONE, 0x1b, 0)			\
	COMMAND(POTS_GET_QUEUE, _IOC_READ, 0x1c, 40)			\
	COMMAND(POTS_RING_CID, _IOC_READ | _IOC_WRITE, 0x1d, 392)	\
	COMMAND(POTS_SEND_CID, _IOC_READ | _IOC_WRITE, 0x1e, 312)	\
	COMMAND(POTS_METER, _IOC_READ | _IOC_WRITE, 0x1f, 32)		\
	COMMAND(POTS_SEIZE, _IOC_WRITE, 0x20, 16)			\
	COMMAND(POTS_FLASH, _IOC_READ | _IOC_WRITE, 0x21, 16)		\
	COMMAND(POTS_DIAL, _IOC_READ | _IOC_WRITE, 0x22, 120)		\
	COMMAND(POTS_STOP_DIAL, _IOC_WRITE, 0x23, 8)			\
	COMMAND(POTS_GET_EXCHANGE, _IOC_READ, 0x24, 80)			\
	COMMAND(POTS_SET_EXCHANGE, _IOC_WRITE, 0x25, 80)		\
	COMMAND(POTS_READ_CID, _IOC_READ, 0x26, 288)			\
	COMMAND(POTS_STOP_METER, _IOC_WRITE, 0x27, 8)			\
	COMMAND(POTS_SET_LAMP, _IOC_WRITE, 0x28, 16)

#endif /* POTS_TEST_LAYOUT_H */
