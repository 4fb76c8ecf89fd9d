# SPDX-License-Identifier: Apache-2.0
"""Builds `laurel._native` where there is a C compiler; without one laurel is installed all the same."""

from tempfile import TemporaryDirectory

from setuptools import Extension, setup

# What an earlier build left behind would be installed again: modules that are gone, and a part in C that
# cannot be built any more. So each has a folder of its own.
with TemporaryDirectory() as folder:
    setup(
        ext_modules=[
            Extension(
                "laurel._native",
                sources=[f"native/{name}.c" for name in ("module", "base58", "base64", "line", "statements")],
                depends=["native/native.h"],
                define_macros=[("Py_LIMITED_API", "0x030B0000")],
                py_limited_api=True,
                optional=True,
            )
        ],
        options={"bdist_wheel": {"py_limited_api": "cp311"}, "build": {"build_base": folder}},
    )
