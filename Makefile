# SPDX-License-Identifier: GPL-2.0
#
# vswitch: kernel modules (built by Kbuild) and tools. "make help" lists the
# targets. Nothing is written outside $(BUILD).

VERSION = 0.1.0

BUILD ?= build
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
# Of programs that only vsw starts: it looks in ../libexec/vsw of where it is itself.
LIBEXECDIR ?= $(PREFIX)/libexec/vsw
MANDIR ?= $(PREFIX)/share/man
INCLUDEDIR ?= $(PREFIX)/include
COMPDIR ?= $(PREFIX)/share/bash-completion/completions
UNITDIR ?= $(PREFIX)/lib/systemd/system
# Where ip(8) looks for the plugin of a link kind: a fixed path of iproute2.
IPLIBDIR ?= $(patsubst %//ip,%/ip,/usr/lib/$(shell $(CC) -print-multiarch 2>/dev/null)/ip)

# As many jobs as processors, unless the command line says something else.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif

all: modules tools ## modules for the running (or newest installed) kernel, and the tools
.DEFAULT_GOAL := all

# ---- modules -----------------------------------------------------------------

# KVER= names a kernel release, KDIR= its build tree; either is found from the
# other. Of the command line's variables a kernel's build gets only its own.
ifneq ($(filter modules all,$(or $(MAKECMDGOALS),all)),)
ifdef KDIR
KVER := $(or $(KVER),$(shell cat $(KDIR)/include/config/kernel.release))
else
KVER := $(or $(KVER),$(shell scripts/kver.sh))
KDIR := /lib/modules/$(KVER)/build
endif
endif
MODDIR = $(BUILD)/$(KVER)
KBUILD_ARGS = $(foreach v,ARCH CROSS_COMPILE LLVM W C V KCFLAGS,$(if $($v),$v='$($v)'))

modules: MAKEOVERRIDES =
modules: ## modules for one kernel [KVER=release] [KDIR=tree] [ARCH=] [W=1] [C=2]
	@test -n '$(KVER)' || { echo 'no kernel to build for' >&2; exit 1; }
	@test -e $(KDIR)/Makefile || { echo '$(KDIR): no headers of kernel $(KVER)' >&2; exit 1; }
	@scripts/mirror.sh $(MODDIR)
	+@flock $(MODDIR)/.lock env -u CC $(MAKE) --no-print-directory -C $(KDIR) M=$(abspath $(MODDIR)) \
		$(KBUILD_ARGS) VSW_VERSION=$(VERSION) CONFIG_DEBUG_INFO_BTF_MODULES= modules

# ---- tools -------------------------------------------------------------------

CFLAGS ?= -O2 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2
PKGS = libmnl libnl-3.0 libnl-route-3.0 jansson libseccomp libcap libpcap $(UNPACK_PKGS)
UNPACK_PKGS = libarchive libcrypto
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
# libpcap is loaded by the one command that needs it, see tools/lib/filter.c, and archives
# are read by a program of its own.
PKG_LIBS := $(shell pkg-config --exists $(PKGS) && \
	pkg-config --libs $(filter-out libpcap $(UNPACK_PKGS),$(PKGS)))
TOOLS_CFLAGS = -std=gnu11 -Wall -Wextra -Werror -D_GNU_SOURCE= -DVSW_VERSION='"$(VERSION)"' \
	-iquote tools -iquote tools/lib -I uapi $(PKG_CFLAGS) $(CFLAGS)

OBJ = $(BUILD)/tools
LIB_OBJS := $(patsubst %.c,$(OBJ)/%.o,$(wildcard tools/lib/*.c))
VSW_OBJS := $(patsubst %.c,$(OBJ)/%.o,$(wildcard tools/vsw/*.c tools/container/*.c \
	tools/image/*.c tools/kept/*.c tools/natnet/*.c))
UNPACK_OBJS := $(patsubst %.c,$(OBJ)/%.o,$(wildcard tools/unpack/*.c))
TEST_SRCS := $(wildcard selftests/*.c selftests/fuzz/*.c selftests/bench/*.c)
TEST_OBJS := $(TEST_SRCS:%.c=$(OBJ)/%.o)
TEST_BINS := $(patsubst %.c,$(BUILD)/bin/selftests/%,$(notdir $(TEST_SRCS)))
PLUGINS := $(patsubst tools/iproute2/%.c,$(BUILD)/lib/ip/%.so,$(wildcard tools/iproute2/link_*.c))

tools: $(BUILD)/bin/vsw $(BUILD)/bin/vsw-unpack $(TEST_BINS) $(PLUGINS) ## vsw, the C programs of the tests, plugins of ip(8) [CC=]
	@rm -f $(filter-out $(TEST_BINS),$(wildcard $(BUILD)/bin/selftests/*))

$(BUILD)/bin/vsw: $(VSW_OBJS) $(OBJ)/lib.a
	@mkdir -p $(@D)
	$(link)

$(BUILD)/bin/vsw-unpack: PKG_LIBS = $(shell pkg-config --libs $(UNPACK_PKGS) jansson)
$(BUILD)/bin/vsw-unpack: $(UNPACK_OBJS)
	@mkdir -p $(@D)
	$(link)

$(OBJ)/lib.a: $(LIB_OBJS)
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^

test_bin = $(BUILD)/bin/selftests/$(basename $(notdir $(1)))
$(foreach s,$(TEST_SRCS),$(eval $(call test_bin,$s): $(OBJ)/$(s:.c=.o)))
$(TEST_BINS): $(OBJ)/lib.a
	@mkdir -p $(@D)
	$(link)

$(PLUGINS): $(BUILD)/lib/ip/%.so: tools/iproute2/%.c $(OBJ)/flags
	@mkdir -p $(@D) $(OBJ)/tools/iproute2
	$(say) LD $@
	$(Q)$(CC) $(TOOLS_CFLAGS) $(LDFLAGS) -fPIC -shared -MMD -MP -MF $(OBJ)/tools/iproute2/$*.d -o $@ $<

$(OBJ)/%.o: %.c $(OBJ)/flags
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(TOOLS_CFLAGS) -MMD -MP -c -o $@ $<

# Changes when the compiler, a flag or the set of files does, and only then.
$(OBJ)/flags: FORCE
	@test -n '$(PKG_LIBS)' || { pkg-config --print-errors --exists $(PKGS); \
		echo 'libraries are missing: sudo scripts/deps.sh build' >&2; exit 1; }
	@mkdir -p $(@D)
	@printf '%s\n' $(call quote,$(CC) $(TOOLS_CFLAGS) $(LDFLAGS) $(PKG_LIBS) $(LIB_OBJS) $(VSW_OBJS) $(UNPACK_OBJS)) >$@.$$$$; \
		cmp -s $@.$$$$ $@ && rm $@.$$$$ || mv $@.$$$$ $@

-include $(patsubst %.o,%.d,$(LIB_OBJS) $(VSW_OBJS) $(UNPACK_OBJS) $(TEST_OBJS)) $(wildcard $(OBJ)/tools/iproute2/*.d)

# A program is there as a whole or not at all: a guest may be running it.
define link
$(say) LD $@
$(Q)$(CC) $(TOOLS_CFLAGS) $(LDFLAGS) -o $@.new $(filter %.o,$^) $(filter %.a,$^) $(PKG_LIBS)
$(Q)mv -f $@.new $@
endef

quote = '$(subst ','\'',$(1))'
Q := $(if $(filter 1,$(V)),,@)
say = @printf '  %-7s %s\n'

# Fuzzers: the sources that they test and their own, with what finds wrong accesses.
FUZZ_SECONDS ?= 600
FUZZ_CFLAGS = $(filter-out -O% -D_FORTIFY_SOURCE=%,$(TOOLS_CFLAGS)) -O1 -DFUZZ \
	-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined

fuzz: $(BUILD)/fuzz/flow_fuzz ## the parser and printer of flows, for 600 seconds [FUZZ_SECONDS=]
	@mkdir -p $(BUILD)/fuzz/corpus
	cd $(BUILD)/fuzz && ./flow_fuzz -max_total_time=$(FUZZ_SECONDS) -max_len=512 -timeout=5 \
		-dict=$(abspath selftests/fuzz/flow.dict) corpus $(abspath selftests/fuzz/corpus)

$(BUILD)/fuzz/flow_fuzz: selftests/fuzz/flow_fuzz.c $(wildcard tools/lib/*.[ch])
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)clang $(FUZZ_CFLAGS) -o $@ $(filter %.c,$^) $(PKG_LIBS)

# ---- checks ------------------------------------------------------------------

# Each installs what it lacks first; then a make of its own looks for libraries
# and headers afresh. What the scripts make is no part of this make.
alone = env -u MAKEFLAGS -u MAKELEVEL

check: ## all tests on stock kernels 6.1 and 6.12
	@scripts/deps.sh check
	+@$(MAKE) --no-print-directory tools
	+@kver=$$(scripts/kver.sh 6.1) && $(MAKE) --no-print-directory modules KVER=$$kver
	+@kver=$$(scripts/kver.sh 6.12) && $(MAKE) --no-print-directory modules KVER=$$kver
	@$(alone) selftests/vm/check.sh

check-debug: ## all tests, KUnit and fault injection on the debug kernel (UML)
	@scripts/deps.sh debug
	+@$(MAKE) --no-print-directory tools
	@$(alone) selftests/vm/check-debug.sh

check-forwarding: ## the kernel's own tests of bridges, with a switch [T="name ..."|all] [BRIDGE=linux]
	@scripts/deps.sh check
	+@$(MAKE) --no-print-directory tools
	+@kver=$$(scripts/kver.sh 6.12) && $(MAKE) --no-print-directory modules KVER=$$kver
	@$(alone) selftests/forwarding/check.sh

check-long: ## DKMS inside the stock guests, torture: takes an hour without KVM [PARTS=]
	@scripts/deps.sh demo
	@scripts/deps.sh debug
	@scripts/deps.sh check
	@scripts/deps.sh style
	+@$(MAKE) --no-print-directory tools
	+@kver=$$(scripts/kver.sh 6.1) && $(MAKE) --no-print-directory modules KVER=$$kver
	+@kver=$$(scripts/kver.sh 6.12) && $(MAKE) --no-print-directory modules KVER=$$kver
	@$(alone) scripts/check-long.sh $(PARTS)

demo: ## two containers on a switch, on a stock 6.12 kernel in a guest, through DKMS
	@scripts/deps.sh demo
	+@$(MAKE) --no-print-directory tools
	@$(alone) scripts/demo.sh

bench: ## what a frame costs, ours and the others': table, JSON and chart in build/bench
	@scripts/deps.sh bench
	+@$(bench_build)
	@$(alone) selftests/bench/bench.sh $(ROWS)

bench-check: ## no row of ours may cost more than selftests/bench/baseline.json says
	@scripts/deps.sh check
	+@$(bench_build)
	@$(alone) selftests/bench/bench.sh check

bench_build = $(MAKE) --no-print-directory tools && kver=$$(scripts/kver.sh 6.12) && \
	$(MAKE) --no-print-directory modules KVER=$$kver

style: ## checkpatch, sparse, W=1, gcc and clang, shellcheck, layering, generated files
	@scripts/deps.sh style
	@$(alone) scripts/style.sh

gen: ## regenerate the netlink code from Documentation/netlink/specs
	@scripts/deps.sh style
	scripts/gen.sh

# ---- installation ------------------------------------------------------------

dkms-install: ## install the modules through DKMS for the running kernel (root) [KVER=]
	scripts/dkms-install.sh $(VERSION) $(KVER)

dkms-uninstall: ## remove the modules from DKMS (root)
	scripts/dkms-install.sh --remove $(VERSION)

install: tools ## tools, man pages, headers, completion, plugins, units [DESTDIR=] [PREFIX=/usr/local]
	install -D -m 0755 -t $(DESTDIR)$(BINDIR) $(BUILD)/bin/vsw
	install -D -m 0755 -t $(DESTDIR)$(LIBEXECDIR) $(BUILD)/bin/vsw-unpack
	install -D -m 0644 -t $(DESTDIR)$(INCLUDEDIR)/linux uapi/linux/*.h
	for page in tools/man/*.[1-9]; do \
		install -D -m 0644 -t $(DESTDIR)$(MANDIR)/man$${page##*.} $$page || exit 1; \
	done
	install -D -m 0644 tools/completion/vsw $(DESTDIR)$(COMPDIR)/vsw
	install -D -m 0644 -t $(DESTDIR)$(IPLIBDIR) $(PLUGINS)
	install -d $(DESTDIR)$(UNITDIR)
	for unit in tools/systemd/*.service; do \
		sed 's|@BINDIR@|$(BINDIR)|' $$unit >$(DESTDIR)$(UNITDIR)/$${unit##*/} || exit 1; \
	done

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(BINDIR)/vsw $(DESTDIR)$(LIBEXECDIR)/vsw-unpack $(DESTDIR)$(COMPDIR)/vsw \
		$(patsubst uapi/%,$(DESTDIR)$(INCLUDEDIR)/%,$(wildcard uapi/linux/*.h)) \
		$(foreach page,$(notdir $(wildcard tools/man/*.[1-9])),$(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $(page)))/$(page)) \
		$(addprefix $(DESTDIR)$(IPLIBDIR)/,$(notdir $(PLUGINS))) \
		$(addprefix $(DESTDIR)$(UNITDIR)/,$(notdir $(wildcard tools/systemd/*.service)))

clean: ## remove everything that was built
	rm -rf $(BUILD)

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1\t\2/p' Makefile | expand -t 18

FORCE:
.PHONY: all modules tools fuzz check check-debug check-forwarding check-long bench bench-check demo style gen
.PHONY: dkms-install dkms-uninstall install uninstall clean help FORCE
