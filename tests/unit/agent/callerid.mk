# SPDX-License-Identifier: GPL-2.0-or-later
# Who calls; the kernel's own files say whether they would send it.

tests		+= callerid
callerid_src	:= callerid callerid_name callerid_read dialplan
callerid_kernel	:= callerid fsk tone tone_plan

$(OUT)/test_callerid: $(callerid_kernel:%=$(OUT)/kernel-%.o)

$(OUT)/kernel-%.o: ../../../driver/%.c | $(OUT)
	$(CC) $(CFLAGS) $(cflags) -I../../../driver -c -o $@ $<
