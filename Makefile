# Each target does its own set-up; nothing has to be installed by hand but git and the Swift toolchain.

LISTEN ?= 127.0.0.1:8080
NAME ?=

# The place where swift.org's archive is usually unpacked, for those who did not add it to their PATH.
export PATH := $(PATH):/opt/swift/usr/bin

.PHONY: run test build lint format bench soak install

run: build
	@exec .build/release/cartwright serve --demo --listen $(LISTEN)

test:
	@scripts/test.sh

build:
	@scripts/setup.sh run
	swift build -c release --product cartwright --static-swift-stdlib

lint:
	@scripts/lint.sh

format:
	@swift format -i -r Package.swift Sources Tests

bench soak:
	@scripts/dispatch.sh $@ $(NAME)

install: build
	@scripts/setup.sh install
	@scripts/check-package.sh "$$(scripts/install.sh)"
