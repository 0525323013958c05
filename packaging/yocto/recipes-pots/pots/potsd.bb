# SPDX-License-Identifier: GPL-2.0-or-later
SUMMARY = "Plain telephones on a SIP network"
LICENSE = "GPL-2.0-or-later"
DEPENDS = "c-ares json-c libev libinih libnl libosip2 mbedtls"

require pots.inc
inherit pkgconfig systemd useradd

EXTRA_OEMAKE = "-C ${S}/agent O=${B} prefix=${prefix} sbindir=${sbindir} bindir=${bindir} mandir=${mandir}"

do_install() {
	oe_runmake install DESTDIR=${D}
	install -D -m 0644 ${S}/packaging/systemd/potsd.service ${D}${systemd_system_unitdir}/potsd.service
	install -D -m 0644 ${S}/packaging/udev/60-pots.rules ${D}${nonarch_base_libdir}/udev/rules.d/60-pots.rules
}

PACKAGES =+ "potsctl potsim"
FILES:potsctl = "${bindir}/potsctl"
FILES:potsim = "${bindir}/potsim"
FILES:${PN} += "${datadir}/pots ${systemd_system_unitdir} ${nonarch_base_libdir}/udev"

SYSTEMD_SERVICE:${PN} = "potsd.service"
USERADD_PACKAGES = "${PN}"
USERADD_PARAM:${PN} = "--system --user-group --no-create-home --home-dir /nonexistent --shell /sbin/nologin pots"

RRECOMMENDS:${PN} = "pots-modules potsctl"
