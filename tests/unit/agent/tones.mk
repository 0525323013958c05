# SPDX-License-Identifier: GPL-2.0-or-later
# The tones of countries; included by Makefile. What the agent makes of them is
# checked and played by the driver's own tone.c.

driver		:= ../../../driver
e2e		:= ../../e2e
country_objs	:= country ini_file port_settings tones treatment config_keys config_values sip_addr sip_text dialplan ring sdp

tests		+= tones country countries builtin
tones_src	:= tones tone
country_src	:= $(country_objs)
country_libs	:= -linih
countries_src	:= $(country_objs) tone expected known_sines recognise fit
countries_libs	:= -linih -lspandsp -lm
builtin_src	:= treatment tone expected known_sines recognise fit
builtin_libs	:= -lspandsp -lm

$(OUT)/test_builtin: $(OUT)/kernel-tone_plan.o

$(OUT)/tone.o: $(driver)/tone.c | $(OUT)
	$(CC) $(CFLAGS) $(cflags) -c -o $@ $<

$(OUT)/fit.o: $(e2e)/fit.c | $(OUT)
	$(CC) $(CFLAGS) $(cflags) -c -o $@ $<

$(addprefix $(OUT)/,tone.o test_tones.o test_countries.o test_builtin.o): cflags += -I$(driver)
$(addprefix $(OUT)/,expected.o): cflags += -I$(e2e)
$(OUT)/test_tones.o: cflags += -Wno-missing-field-initializers
# Hours of sound: fast, and what makes and measures it is checked elsewhere.
$(addprefix $(OUT)/,tone.o fit.o expected.o known_sines.o): cflags += -O2 -fno-sanitize=all
