# SPDX-License-Identifier: GPL-2.0-or-later
PKG_BUILD_DIR?=$(BUILD_DIR)/$(PKG_NAME)-$(PKG_VERSION)

define Build/Compile/Default
	+CFLAGS="$(TARGET_CFLAGS)" $(MAKE) $(PKG_JOBS) -C $(PKG_BUILD_DIR)/$(MAKE_PATH) $(MAKE_FLAGS)
endef
Build/Compile=$(Build/Compile/Default)

define dump
$(info Package: $(1))
$(info Submenu: $(SUBMENU))
$(info Depends: $(DEPENDS))
$(info Title: $(TITLE))
$(if $(USERID),$(info Require-User: $(USERID)))
$(if $(KCONFIG),$(info Kernel-Config: $(KCONFIG)))
$(info Description: $(Package/$(1)/description))
endef

define BuildPackage
$(eval $(call Package/clear))
$(eval $(call Package/$(1)))
$(if $(DUMP),$(call dump,$(1)))
install-$(1):
	$(call Package/$(1)/install,$(STAGE))
.PHONY: install-$(1)
endef

compile:
	$(Build/Prepare)
	$(Build/Configure)
	$(Build/Compile)
.PHONY: compile
