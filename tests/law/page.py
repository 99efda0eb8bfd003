"""Writes docs/law.md: for an official, who reads the notice sentence by sentence and no code."""

import re

from sources import Heading

_HEAD = """# 法规对照

本文由 `tests/law/law.py` 生成，请勿手工修改；`tests/run --fast` 核对本文与程序一致。

This page is generated: the notice of 31 March 2023, sentence by sentence, and beside each sentence what
the program makes of it. Its one hand-made source is `docs/law/articles.txt`; to renew it after a change,
run `tests/law/law.py`.

本文逐句列出2023年3月31日通知及其附件的原文。每一句之下列明：

| 项目 | 含义 |
|---|---|
| 要求 (requirement) | 程序应做到的事，编号 R-nnn |
| 解读 (reading) | 原文没有写明之处采用的口径，编号 Q，由主管部门确认或者更改；标有“程序尚未引用”的，程序中还没有注明该口径 |
| 取值 (value) | 当年规则包中的数值；标有“示例”的，原文没有规定，由主管部门确定 |
| 流程 (step) | 为该要求服务的办理环节：从何状态到何状态、办理何事、由谁办理 |
| 测试 (tests) | 证明该要求的自动测试；`Suite.*` 指该组全部测试；`tests/run` 运行所有测试 |
| 另见 (see also) | 与该句有关、列在通知其他条款下的要求 |
| 无要求 (none) | 该句对程序没有要求，并说明理由 |
"""

_MANY = 6  # tests beside a sentence; the rest stands in the list of requirements
_STATUS = {"works": "已实现", "thin": "不完整", "missing": "未实现", "": ""}


def render(law):
    sentences = law.articles.sentences()
    lines = [*_HEAD.split("\n"), "## 概况 · At a glance", "", *_glance(law, sentences)]
    for item in law.articles.items:
        if isinstance(item, Heading):
            lines += ["", f"{'##' if item.level == 'part' else '###'} {item.zh} · {item.en}"]
        else:
            lines += ["", *_sentence(law, item)]
    lines += ["", "## 附表一 要求和测试 · Requirements and the tests that prove them", "", *_requirements(law)]
    lines += ["", "## 附表二 解读 · Readings", "", *_readings(law)]
    lines += ["", "## 附表三 流程 · Every step of the workflow", "", *_steps(law)]
    lines += ["", "## 附表四 无要求的句子 · Sentences that ask nothing of a program", ""]
    lines += ["| 句 | 原文 | 理由 |", "|---|---|---|"]
    lines += [f"| {_to_sentence(one.id)} | {_cell(one.text)} | {_cell(one.none)} |" for one in sentences if one.none]
    return "\n".join(lines) + "\n"


def _glance(law, sentences):
    missing = law.missing()
    rows = [("句 sentences", len(sentences)), ("其中无要求 asking nothing", sum(1 for one in sentences if one.none)),
            ("要求 requirements", len(law.requirements)),
            ("其中未实现 missing", ", ".join(_to_requirement(one) for one in missing) or "无")]
    return ["| 项目 | 数目 |", "|---|---|", *(f"| {name} | {number} |" for name, number in rows)]


def _to_requirement(number):
    return f"[{number}](#{number.lower()})"


def _to_sentence(name):
    return f"[{name}](#{_anchor(name)})"


def _anchor(name):
    return "s-" + name.lower().replace(".", "-")


def _cell(text):
    return text.replace("|", "\\|").replace("**", "\\*\\*")


def _sentence(law, one):
    lines = [f'<a id="{_anchor(one.id)}"></a>', f"> **{one.id}** {_cell(one.text)}", ""]
    for number in one.needs:
        requirement = law.requirements[number]
        status = _status(law, requirement)
        mark = f"（{status}）" if status not in ("", _STATUS["works"]) else ""
        lines.append(f"- **要求** {_to_requirement(number)} {requirement.text}{mark}")
        lines += [f"  - 流程：{step}" for step in _steps_of(law, number)]
        lines.append(f"  - 测试：{_some_tests(law.tests.get(number, ()), number)}")
    lines += [f"- **另见** {_to_requirement(number)} {law.requirements[number].text}" for number in one.also]
    for number in one.readings:
        lines.append(f"- **解读** [{number}](#{number.lower()}) {law.articles.readings[number][0]}{_uncited(law, number)}")
    for value in one.values:
        shown = "与原文一致" if value.quoted else _value(law, value.path)
        lines.append(f"- **取值** {value.label}：{shown} `{value.path}`")
    if one.none:
        lines.append(f"- **无要求** {one.none}")
    return lines


def _status(law, requirement):
    return _STATUS["missing" if requirement.id in law.missing() else requirement.status]


def _uncited(law, number):
    return "" if number in law.cited else "（程序尚未引用）"


def _steps_of(law, number):
    """The rows that serve a requirement; those that differ in their beginning only are one."""
    alike = {}
    for (begin, action, end), roles in law.workflow.items():
        if number in law.articles.steps[begin, action, end][0]:
            alike.setdefault((action, None if begin == end else end, tuple(roles)), []).append(law.labels[begin])
    for (action, end, roles), begins in alike.items():
        way = "、".join(begins) + (f" → {law.labels[end]}" if end else "")
        yield f"{way}：{law.labels[action]}（{_who(law, roles)}）"


def _who(law, roles):
    return "、".join(law.articles.roles[role] for role in roles)


def _test_name(test):
    return f"`{test[1]}`（{test[0]}）"


def _some_tests(tests, number):
    """One of each file, then a second of each …: the breadth is seen even where they are many."""
    if not tests:
        return "没有"
    rank, order = {}, []
    for file, name in sorted(tests):
        rank[file] = rank.get(file, 0) + 1
        order.append((rank[file], file, name))
    shown = [test[1:] for test in sorted(order)[:_MANY]]
    text = "、".join(_test_name(test) for test in sorted(shown))
    return text if len(order) <= _MANY else f"{text}等{len(order)}项，[全部](#{number.lower()})"


def _requirements(law):
    lines = ["| 编号 | 要求 | 出处 | 状态 | 测试 |", "|---|---|---|---|---|"]
    for number, requirement in sorted(law.requirements.items()):
        places = [one.id for one in law.articles.sentences() if number in one.needs]
        tests = "<br>".join(_test_name(test) for test in sorted(law.tests.get(number, ()))) or "没有"
        status = _status(law, requirement)
        if number in law.articles.missing:
            status += "：" + law.articles.missing[number][0]
        lines.append(f'| <a id="{number.lower()}"></a>{number} | {_cell(requirement.text)} | '
                     f"{' '.join(map(_to_sentence, places))} | {status} | {tests} |")
    return lines


def _readings(law):
    lines = ["| 编号 | 解读 | 出处 |", "|---|---|---|"]
    for number, (text, _) in law.articles.readings.items():
        places = " ".join(_to_sentence(one.id) for one in law.articles.sentences() if number in one.readings)
        lines.append(f'| <a id="{number.lower()}"></a>{number} | {_cell(text)}{_uncited(law, number)} | {places} |')
    return lines


def _steps(law):
    lines = ["| 原状态 | 办理 | 新状态 | 办理人 | 要求 |", "|---|---|---|---|---|"]
    for (begin, action, end), roles in law.workflow.items():
        needs = " ".join(map(_to_requirement, law.articles.steps[begin, action, end][0]))
        lines.append(f"| {law.labels[begin]} | {law.labels[action]} | {law.labels[end]} | {_who(law, roles)} | {needs} |")
    return lines


# Values ------------------------------------------------------------------------------------------


def _value(law, path):
    nodes = law.nodes(path)
    text = ("、" if all(node.value is not None for node in nodes) else "；").join(_shown(law, node) for node in nodes)
    return text + ("（示例）" if any(node.sample() for node in nodes) else "")


def _shown(law, node):
    if node.value is not None:
        return _scalar(law, node)
    names = {child.name: child for child in node.children}
    if "zh" in names:
        return names["zh"].value
    if "need" in names:
        slots = [law.nodes(f"papers.slots[{leaf.value}].zh")[0].value for child in node.children
                 if child.name == "any_of" for leaf in child.leaves()]
        return f"{_scalar(law, names['need'])}：{'或'.join(slots)}"
    if "lo_wan" in names:
        high = names["hi_wan"].value + "万元" if "hi_wan" in names else "以上"
        amount = names.get("sum_wan") or names.get("rate_bp")
        joint = "至" if "hi_wan" in names else "万元"
        return f"{names['lo_wan'].value}{joint}{high} {_scalar(law, amount)}"
    parts, inner = [], []
    for child in node.children:
        if child.name in ("basis", "clause", "field", "id", "code", "region", "city", "grade_en"):
            continue
        if child.value is None:
            inner.append(_shown(law, child))
        elif child.value in ("true", "false"):
            parts += [_WORDS.get(child.name, child.name)] if child.value == "true" else []
        elif child.name != "last":
            parts.append(("至" if child.name.startswith("to_") and "至" not in "".join(parts) else "") + _scalar(law, child))
        elif child.value != names["first"].value:
            parts[-1] += "至" + child.value
    return " ".join(parts) + (f"（{'；'.join(inner)}）" if inner else "")


_WORDS = {"true": "是", "false": "否", "workday": "工作日", "calendar_day": "自然日", "always": "必交",
          "generated": "由系统生成", "per_member": "每个成员必交", "if_intellectual_property": "有知识产权的必交", "FIXED_BY_INTERVAL": "按区间定额",
          "RANK_CUTOFF": "按得分由高到低安排", "national": "国家级", "shenda": "沈大自创区", "mobile": "手机"}


def _scalar(law, node):
    value = node.value
    if node.name.endswith("_bp"):
        return f"{int(value) / 100:g}%"
    if node.name.endswith("_hundredths"):
        return f"{int(value) / 100:g}分"
    if node.name.endswith("_wan"):
        return f"{value}万元"
    if node.name.endswith("_percent"):
        return f"{value}%"
    if node.name.endswith("bytes"):
        return f"{int(value) / 2**20:g}MB"
    time = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):00\+08:00", value)
    if time:
        return f"{time[1]} {time[2]}（北京时间）"
    if law.is_quotation(value):
        return "与原文一致"
    return _cell(_WORDS.get(value, value))
