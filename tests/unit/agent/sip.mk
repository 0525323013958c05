# SPDX-License-Identifier: GPL-2.0-or-later
# The tests of agent/sip_*.c; included by Makefile.

sip_objs	:= digest sip sip_account sip_addr sip_auth sip_call sip_check \
		   sip_dialog sip_dns sip_guard sip_input sip_mwi sip_register \
		   sip_reinvite sip_reply sip_source sip_srv sip_summary sip_tcp sip_text \
		   sip_transport sip_tx sip_uac sip_uas log
sip_libs	:= $(shell $(PKG_CONFIG) --libs libosip2 libcares) -lev -lmbedcrypto

tests		+= digest sip_guard sip_source sip_uac sip_uas sip_mwi sip_register sip_dns sip_outage sip_interop sip_torture
digest_src	:= digest
digest_libs	:= -lmbedcrypto
sip_guard_src	:= sip_guard sip_text
sip_source_src	:= $(sip_objs)
sip_source_libs	:= $(sip_libs)

# These play the far end on loopback sockets.
define sip_peer_test
sip_$(1)_src	:= $(sip_objs) sip_peer
sip_$(1)_libs	:= $(sip_libs)
endef
$(foreach t,uac uas mwi register dns outage interop torture,$(eval $(call sip_peer_test,$(t))))

all: $(OUT)/sip_probe

$(OUT)/sip_probe: $(call objects,sip_probe $(sip_objs))
	$(CC) $(CFLAGS) -o $@ $^ $(sip_libs)
