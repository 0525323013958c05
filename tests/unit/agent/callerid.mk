# SPDX-License-Identifier: GPL-2.0-or-later
# Who calls; the kernel's own files say whether they would send it, and send it.

tests		+= callerid callerid_ways
callerid_src	:= callerid callerid_name callerid_read dialplan
callerid_kernel	:= callerid fsk tone tone_plan
callerid_ways_src := callerid callerid_name cid_sender cid_ear
callerid_ways_libs := -lspandsp -lm

$(OUT)/test_callerid $(OUT)/test_callerid_ways: $(callerid_kernel:%=$(OUT)/kernel-%.o)
$(OUT)/test_callerid_ways: $(OUT)/signal.o

$(OUT)/kernel-%.o: ../../../driver/%.c | $(OUT)
	$(CC) $(CFLAGS) $(cflags) -I../../../driver -c -o $@ $<

$(OUT)/signal.o: ../driver/signal.c | $(OUT)
	$(CC) $(CFLAGS) $(cflags) -c -o $@ $<
