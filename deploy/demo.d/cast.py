"""The cast of the demonstration: enterprises that do not exist, with synthetic credit codes, and the
forms and papers that they hand in. Amounts are written in 万元 as on the form."""

import base64
import dataclasses
import decimal
import hashlib

ROUND = "rounds/2023-tsl"


def wan(amount):
    """万元 as written → fen."""
    fen = decimal.Decimal(str(amount)) * 1_000_000
    if fen != int(fen):
        raise ValueError(f"{amount} 万元 is not a whole number of fen")
    return int(fen)


def in_wan(fen):
    """fen → "25.00"."""
    return f"{decimal.Decimal(int(fen)) / 1_000_000:.2f}"


@dataclasses.dataclass(frozen=True)
class Enterprise:
    key: str        # login lead-<key>
    place: str
    region: str     # recommender: city, 沈抚示范区 or high-tech zone
    reviewer: str   # login of the recommender's officer
    code: str
    name: str
    topic: str
    technical_field: str
    lead_types: tuple
    rd: str         # R&D of 2022, 万元
    story: str      # what becomes of it
    zone: str = ""
    address: str = ""
    explanation: str = ""  # why the domicile is in Liaoning although the code says otherwise

    @property
    def label(self):
        number = self.key.rpartition("-")[2]
        return self.place[:2] + number if number.isdigit() else self.place

    @property
    def login(self):
        return f"lead-{self.key}"

    @property
    def alliance_name(self):
        return f"{self.place}{self.topic}产学研联盟"


def enterprise(key, place, region, code, name, topic, field, types, rd, story, reviewer=None,
               zone="", address=None, explanation=""):
    return Enterprise(key, place, region, reviewer or f"officer-{key}", code, name, topic, field, types,
                      rd, story, zone, address or f"辽宁省{place}创新路1号", explanation)


SME, EAGLET, GAZELLE = "TECH_SME", "EAGLET", "GAZELLE"

CAST = {e.key: e for e in (
    enterprise("shenyang", "沈阳市", "210100", "91210100PDY00001XY", "沈阳浑河焊接机器人有限公司",
               "智能焊接机器人", "ADVANCED_MANUFACTURING_AND_AUTOMATION", (GAZELLE, SME), "320.50",
               "returned, corrected, surveyed, registered, paid 50"),
    enterprise("dalian", "大连市", "210200", "91210200PDY0000284", "大连星海膜材料有限公司",
               "高性能膜材料", "NEW_MATERIALS", (EAGLET,), "123.45",
               "objection dismissed, payment sent back by the bank, then paid 25"),
    enterprise("anshan", "鞍山市", "210300", "91210300PDY0000364", "鞍山千山耐火材料有限公司",
               "绿色耐火材料", "NEW_MATERIALS", (SME,), "260",
               "second notice, paid 35, claimed back 10"),
    enterprise("shenfu", "沈抚示范区", "21SF00", "91210112PDY0001672", "沈抚云帆工业软件有限公司",
               "工业软件", "ELECTRONIC_INFORMATION", (EAGLET, SME), "66.66",
               "objection upheld, passed again, withheld, released, paid 15",
               address="辽宁省沈抚改革创新示范区创新路1号"),
    enterprise("benxi", "本溪市", "210500", "91210500PDY0000524", "本溪药都中药提取有限公司",
               "现代中药", "BIOLOGY_AND_NEW_MEDICINE", (SME,), "45",
               "sent back by the province, subsidy refused after an objection"),
    enterprise("dandong", "丹东市", "210600", "91210600PDY0000604", "丹东鸭绿江仪表有限公司",
               "智能仪表", "ADVANCED_MANUFACTURING_AND_AUTOMATION", (SME,), "88.80",
               "appeals against 合格, grade kept, nothing proposed"),
    enterprise("jinzhou", "锦州市", "210700", "91210700PDY0000796", "锦州渤海石英器件有限公司",
               "石英器件", "ELECTRONIC_INFORMATION", (SME,), "150",
               "annual report missed, veto"),
    enterprise("yingkou", "营口市", "HTZ-YK", "91210800PDY0000876", "营口高新镁质材料有限公司",
               "镁质功能材料", "NEW_MATERIALS", (SME,), "150",
               "by its high-tech zone; report reopened; cut off by the budget; deregistered",
               reviewer="officer-zone", zone="HTZ-YK"),
    enterprise("fuxin", "阜新市", "210900", "91210900PDY0000956", "阜新海州液压有限公司",
               "液压装备", "ADVANCED_MANUFACTURING_AND_AUTOMATION", (SME,), "52",
               "deferred, then not registered"),
    enterprise("liaoyang", "辽阳市", "211000", "91211000PDY000108R", "辽阳太子河化纤有限公司",
               "差别化纤维", "NEW_MATERIALS", (SME,), "40", "withdraws its draft"),
    enterprise("tieling", "铁岭市", "211200", "91211200PDY000124R", "铁岭龙山阀门有限公司",
               "特种阀门", "ADVANCED_MANUFACTURING_AND_AUTOMATION", (SME,), "33",
               "withdraws while the recommender reviews"),
    enterprise("chaoyang", "朝阳市", "211300", "91211300PDY000132R", "朝阳凌河农机有限公司",
               "智能农机", "ADVANCED_MANUFACTURING_AND_AUTOMATION", (SME,), "21",
               "rejected: no activities of the members"),
    enterprise("panjin", "盘锦市", "211100", "91211100PDY000116R", "盘锦红海滩环保有限公司",
               "油田环保", "RESOURCES_AND_ENVIRONMENT", (SME,), "75", "draft lapses"),
    enterprise("huludao", "葫芦岛市", "211400", "91211400PDY000140R", "葫芦岛龙湾泵业有限公司",
               "节能泵", "NEW_ENERGY_AND_SAVING", (SME,), "60", "returned, never corrected, lapses"),
    enterprise("fushun", "抚顺市", "210400", "91210400PDY0000444", "抚顺石化催化剂有限公司",
               "绿色催化", "NEW_ENERGY_AND_SAVING", (SME,), "90", "never claimed, not recommended in time"),
)}

# The supporting cast walks the remaining rows of the workflow.
ROLLER = ("ADVANCED_MANUFACTURING_AND_AUTOMATION", (SME,), "50")
SHENFU = "辽宁省沈抚改革创新示范区创新路2号"
MOVED = "企业已于2020年迁入辽宁省，统一社会信用代码不变，见营业执照"
SUPPORT = {e.key: e for e in (
    enterprise("shenyang-2", "沈阳市", "210100", "91210100PDY0010550", "沈阳演示铸造有限公司", "精密铸造",
               *ROLLER, "withdraws after a return", reviewer="officer-shenyang"),
    enterprise("shenyang-3", "沈阳市", "210100", "91210100PDY00108XD", "沈阳演示轴承有限公司", "高端轴承",
               *ROLLER, "withdraws before anybody claims it", reviewer="officer-shenyang"),
    enterprise("shenyang-4", "沈阳市", "210100", "91210100PDY001020D", "沈阳演示刀具有限公司", "数控刀具",
               *ROLLER, "withdraws after passing", reviewer="officer-shenyang"),
    enterprise("shenyang-5", "沈阳市", "210100", "91210100PDY001477Y", "沈阳演示电机有限公司", "特种电机",
               *ROLLER, "sent back after acceptance; under review when the round closes",
               reviewer="officer-shenyang"),
    enterprise("shenyang-6", "沈阳市", "210100", "91210000PDY000159M", "辽宁演示检测有限公司", "无损检测",
               *ROLLER, "passed when the round closes", reviewer="officer-shenyang"),
    enterprise("shenfu-2", "沈抚示范区", "21SF00", "91210411PDY000175X", "沈抚演示能源有限公司", "储能装备",
               *ROLLER, "on notice when the round closes", reviewer="officer-shenfu", address=SHENFU),
    enterprise("shenfu-3", "沈抚示范区", "21SF00", "91220100PDY000183F", "沈抚演示芯片有限公司", "传感芯片",
               *ROLLER, "objected to when the round closes", reviewer="officer-shenfu", address=SHENFU,
               explanation=MOVED),
    enterprise("shenfu-4", "沈抚示范区", "21SF00", "91100000PDY0001916", "沈抚演示航材有限公司", "航空材料",
               *ROLLER, "notice over, no letter when the round closes", reviewer="officer-shenfu",
               address=SHENFU, explanation=MOVED),
)}

# Firms of the second round, in which a zone and a district recommend through their city (Q3).
ROUTE_ROUND = "rounds/2023-dalian"
ROUTES = {e.key: e for e in (
    enterprise("dalian-2", "大连市", "HTZ-DL", "91210200PDY003018Q", "大连演示光学有限公司", "光学元件",
               *ROLLER, "by its zone through the city", reviewer="officer-zone-dalian", zone="HTZ-DL"),
    enterprise("dalian-3", "大连市", "210204", "91210204PDY003026D", "大连演示软件有限公司", "工业仿真",
               *ROLLER, "by its district through the city", reviewer="officer-district"),
)}

UNIVERSITY = ("辽东演示大学", "12210000PDY000204U")
INSTITUTE = ("东北演示研究所", "12100000PDY000212U")


def form(firm):
    """The complete Annex 2 form (R-040 … R-063)."""
    rd = decimal.Decimal(firm.rd)
    fen = lambda y1, y2: {"y1": str(wan(y1)), "y2": str(wan(y2))}
    cent = decimal.Decimal("0.01")  # the form takes no third decimal
    last = (rd * decimal.Decimal("0.8")).quantize(cent)
    return {
        "allianceName": firm.alliance_name,
        "technicalField": firm.technical_field,
        "highTechZone": firm.zone,
        "lead": {
            "enterpriseName": firm.name,
            "creditCode": firm.code,
            "leadTypes": list(firm.lead_types),
            "registeredAddress": firm.address,
            "domicileExplanation": firm.explanation,
            "foundedDate": "2016-05-18",
            "staff": {"y1": 120, "y2": 104},
            "techStaff": {"y1": 36, "y2": 30},
            "rdSpendFen": fen(rd, last),
            "cooperationSpendFen": fen((rd / 5).quantize(cent), (last / 5).quantize(cent)),
            "salesFen": fen(rd * 12, last * 12),
            "hightechIncomeFen": fen(rd * 8, last * 8),
            "profitFen": fen(rd, "-3.20"),
            "ipClass1": {"y1": 4, "y2": 3},
            "ipClass2": {"y1": 11, "y2": 9},
            "projectsAndPlatforms": "辽宁省重点研发计划项目；省级企业技术中心",
        },
        "alliance": {
            "cooperations": [
                {"partner": UNIVERSITY[0], "contentAndGoals": f"联合研发{firm.topic}，2023年完成中试"},
                {"partner": INSTITUTE[0], "contentAndGoals": "共建检测平台，每年培养研究生四名"},
            ],
            "cooperationForms": ["AGREEMENT", "PROJECT", "JOINT_TRAINING"],
            "salesFen": fen(rd * 13, last * 13),
            "rdSpendFen": fen(rd * 2, last * 2),
            "memberCount": 3, "enterpriseCount": 1, "universityCount": 1, "instituteCount": 1,
            "cooperationNarrative": f"联盟围绕{firm.topic}开展联合攻关，每季度组织盟员交流，已实施合作项目三项。",
            "goals": "三年内形成两项行业标准，成果转化收入年均增长百分之二十。",
        },
        "members": [
            {"memberName": firm.name, "creditCode": firm.code, "kind": "ENTERPRISE",
             "position": "省内细分领域前三"},
            {"memberName": UNIVERSITY[0], "creditCode": UNIVERSITY[1], "kind": "UNIVERSITY",
             "position": "相关学科为省重点"},
            {"memberName": INSTITUTE[0], "creditCode": INSTITUTE[1], "kind": "INSTITUTE",
             "position": "国家级检测资质"},
        ],
        "contact": {"displayName": "演示联系人", "phone": "13900000000"},
    }


def papers(firm):
    """(slot, member's credit code) of every paper that the form asks for (R-030 … R-035)."""
    single = ["A2_AGREEMENT", "A3_TAX_RETURN", "A4B_AUDIT_REPORT", "A6_IP_PROOF", "A7_LEAD_STATUS"]
    members = [firm.code, UNIVERSITY[1], INSTITUTE[1]]
    return [(slot, "") for slot in single] + [("A5_MEMBER_LICENCE", code) for code in members]


def scan(text):
    """A PDF of one empty page, as a stand-in for a scan; the text makes it another file."""
    note = f"% 演示材料 {text}\n".encode()
    pdf, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate((
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(note), note)), 1):
        offsets.append(len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return pdf + (b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R >>\n"
                  b"startxref\n%d\n%%%%EOF\n" % (table, len(pdf)))


def document(title, number="", issuer="", date="2023-04-01"):
    """The document behind an act: named here, its scan by digest."""
    digest = hashlib.sha256(f"{title}|{number}|{issuer}".encode()).digest()
    return {"documentNumber": number, "title": title, "issuer": issuer, "issueDate": date,
            "sha256": base64.b64encode(digest).decode()}


def list_digest(lines):
    """SHA-256, hex, of the sorted lines, each ending in LF: binds a decision to an exact list."""
    return hashlib.sha256("".join(sorted(f"{line}\n" for line in lines)).encode()).hexdigest()
