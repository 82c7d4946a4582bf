"""What makes PyTorch fast on a CPU; call `prepare_cpu` before anything is computed.

Measured on one core of a Xeon with AMX, Debian's torch 1.13, a training step of 32 x 128 tokens at
4 x 128: float32 11,600 tokens/s, bfloat16 products 25,900; see docs/scale.md."""

import ctypes
import os

import torch


def cpu_flags():
    try:
        with open("/proc/cpuinfo") as file:
            return next((set(line.split()) for line in file if line.startswith("flags")), set())
    except OSError:
        return set()


def prepare_cpu(threads=1):
    if {"avx512f", "avx512bw", "avx512vl", "avx512dq"} <= cpu_flags():
        os.environ.setdefault("ATEN_CPU_CAPABILITY", "avx512")  # Debian's build stops at AVX2 by itself
    torch.set_num_threads(threads)  # two processes gain fully, two threads of one hardly
    torch.set_flush_denormal(True)
    keep_memory()


def keep_memory():
    """Lets the C library keep freed tensors: giving them back costs a page fault for every 4 KB, half of a softmax."""
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return  # not glibc: slower, not wrong
    mallopt(-3, 32 << 20)  # M_MMAP_THRESHOLD, its largest value
    mallopt(-1, 2**31 - 1)  # M_TRIM_THRESHOLD
    mallopt(-2, 64 << 20)  # M_TOP_PAD


def fastest_compute(device):
    """bfloat16 where the hardware multiplies it, else float32."""
    return torch.bfloat16 if device == "cuda" or "avx512_bf16" in cpu_flags() else torch.float32
