# SPDX-License-Identifier: GPL-2.0-or-later
# The tests of the speech path; included by Makefile.

tests		+= g711 rtp rtcp jitter plc telephone_event
g711_src	:= g711
g711_libs	:= -lspandsp -lm
rtp_src		:= rtp
rtcp_src	:= rtcp rtp
jitter_src	:= jitter plc g711
jitter_libs	:= -lm
plc_src		:= plc
plc_libs	:= -lm
telephone_event_src := telephone_event

# The whole engine on loopback sockets; the claim is a socket pair.
tests		+= media
media_src	:= media media_flow media_thread g711 jitter plc rtp rtcp \
		   telephone_event log
media_ldflags	:= -Wl,--wrap=ioctl,--wrap=clock_gettime
media_libs	:= -lev -lpthread -lm
