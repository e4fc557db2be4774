"""The words of failures: one row a code. Rooms raise codes and data; here they become Chinese."""

from collections.abc import Mapping

# What a status says when its code has no words of its own.
STATUSES: Mapping[int, str] = {
    401: "请先登录",
    403: "您没有权限进行此操作",
    404: "没有找到相关内容",
    409: "内容已被他人更新，请查看后再操作",
    413: "内容过大，请缩减后再试",
    422: "请检查填写的内容",
    429: "操作过于频繁，请稍后再试",
    500: "抱歉，系统出了点问题，请稍后重试",
    503: "服务暂时繁忙，请稍后重试",
}

# {name} is filled from the error's data.
CODES: Mapping[str, str] = {
    # the house
    "not_signed_in": "请先登录",
    "not_allowed": "您没有权限进行此操作",
    "not_found": "没有找到相关内容",
    "conflict": "内容已被他人更新，请查看后再操作",
    "invalid": "请检查填写的内容",
    "invalid_json": "提交的内容无法识别，请刷新页面后再试",
    "unavailable": "服务暂时繁忙，请稍后重试",
    "too_many": "操作过于频繁，请{after}秒后再试",
    "too_large": "内容过大（上限 {limit} KiB），请缩减后再试",
    "bad_origin": "请求来源不被允许，请从本平台页面操作",
    "bad_csrf": "页面已过期，请刷新后再试",
    "key_in_use": "上一次提交还在处理，请稍候",
    "key_reused": "同一提交编号用于了不同内容，请刷新页面后再试",
    "method_not_allowed": "不支持此操作方式",
    "wrong_login": "账号或密码不正确",
    "locked": "登录失败次数过多，账号已暂时锁定，请稍后再试",
    # links and files
    "bad_token": "链接无效，请重新获取",
    "token_expired": "链接已过期，请重新获取",
    # the lifecycle
    "wrong_state": "当前状态不能进行此操作",
    "wrong_actor": "您的角色不能进行此操作",
    "lease_lost": "该内容正由他人处理",
}

# What is wrong with one field.
FIELDS: Mapping[str, str] = {
    "missing": "请填写此项",
    "wrong": "填写的内容不符合要求",
    "unknown": "没有此选项",
    "too_long": "内容过长",
    "too_short": "内容过短",
    "file_empty": "文件是空的",
    "file_too_large": "文件过大，单个文件不超过 10 MB",
    "file_kind_not_accepted": "不支持此类文件，请上传图片、音频、MP4 视频或 PDF",
    "picture_too_large": "图片尺寸过大",
    "picture_unreadable": "图片无法读取，请换一张",
    "unknown_attachment": "附件不存在，请重新上传",
}
