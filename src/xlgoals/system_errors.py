"""Why a file cannot be read or written, in the words of whoever reads our messages."""

from __future__ import annotations

import errno

from xlgoals.language import Message, noted

_NO_PERMISSION = noted("没有权限，或正被其他程序使用")  # Windows says one for the other
_FULL = noted("磁盘空间不够")
_WORDS = {
    errno.ENOENT: noted("找不到这个文件或文件夹"),
    errno.EACCES: _NO_PERMISSION,
    errno.EPERM: _NO_PERMISSION,
    errno.EROFS: noted("所在的磁盘是只读的"),
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EEXIST: noted("已有同名的文件"),
    errno.EISDIR: noted("是文件夹"),
    errno.ENOTDIR: noted("路径中有一段不是文件夹"),
    errno.ENAMETOOLONG: noted("文件名太长"),
    errno.EBUSY: noted("正被其他程序使用"),
    errno.EIO: noted("磁盘读写出错"),
}


def why(error: OSError) -> str:
    """What is the matter: in our words where they know it, else as the system says it."""
    if error.errno in _WORDS:
        return Message(_WORDS[error.errno])
    return error.strerror or str(error)
