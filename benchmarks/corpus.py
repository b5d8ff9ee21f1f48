"""A deterministic corpus of news reports, and the layouts in which each program takes it."""

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

PHRASES = """cán bộ và Nhân dân trong xã|phong trào thi đua yêu nước|công tác dân vận của chính quyền
xây dựng nông thôn mới kiểu mẫu|giảm nghèo bền vững trong đồng bào|tổ chức tuyên truyền, vận động
mô hình tự quản ở thôn, làng|đoàn viên, hội viên các đoàn thể|phát huy vai trò của già làng
trong sáu tháng đầu năm|với sự tham gia của hơn ba trăm hộ|góp phần nâng cao đời sống
bảo vệ môi trường, giữ gìn vệ sinh|đối thoại trực tiếp với người dân|giải quyết kịp thời kiến nghị
hỗ trợ giống cây trồng, vật nuôi|trẻ em có hoàn cảnh khó khăn|củng cố khối đại đoàn kết
theo kế hoạch đã đề ra|được bà con đồng tình hưởng ứng|chia sẻ kinh nghiệm hay ở cơ sở
nhân rộng điển hình tiên tiến|tặng quà các gia đình chính sách|khám bệnh, cấp thuốc miễn phí
mở lớp xóa mù chữ buổi tối|bê tông hóa đường liên thôn|số tiền trên 45 triệu đồng
chuyển đổi số trong dịch vụ công|lực lượng biên phòng tăng cường|văn hóa cồng chiêng của buôn làng
diện tích khoảng 75,6 ha|tập huấn kỹ thuật cho nông dân|ngày hội đại đoàn kết toàn dân""".replace(
    "\n", "|"
).split("|")
CATEGORIES = [
    (f"Chuyên mục {top}", f"Nhánh {branch}", f"Ngọn {leaf}")[: 2 if leaf == 0 else 3]
    for top in range(1, 6)
    for branch in range(1, 4)
    for leaf in range(2)
]  # 30 that articles name, two and three levels deep
CAMPAIGNS = [f"Phong trào {number}" for number in range(1, 9)]
AUTHORS = [f"Tác giả {number}" for number in range(1, 41)]
FIRST_DAY, DAYS = date(2010, 1, 1), 16 * 365


@dataclass(frozen=True)
class Article:
    """One report of the corpus. ``slug`` is its file name and the last part of its address."""

    slug: str
    title: str
    day: date
    category: tuple[str, ...]
    campaign: str
    author: str
    body: str


def make_corpus(count: int) -> list[Article]:
    """``count`` reports, the same in every run."""
    return list(each_report(count))


def each_report(count: int) -> Iterator[Article]:
    """As ``make_corpus``, one after another: a million at once would be gigabytes."""
    chance = random.Random(20140222)
    return (_article(chance, number) for number in range(count))


def _article(chance: random.Random, number: int) -> Article:
    title = " ".join(chance.sample(PHRASES, chance.randint(2, 4)))
    return Article(
        slug=f"bai-{number:07}",
        title=f"{title[0].upper()}{title[1:]} {number}",
        day=FIRST_DAY + timedelta(days=chance.randrange(DAYS)),
        category=chance.choice(CATEGORIES),
        campaign=chance.choice(CAMPAIGNS),
        author=chance.choice(AUTHORS),
        body=_body(chance),
    )


def _sentence(chance: random.Random) -> str:
    text = ", ".join(chance.sample(PHRASES, chance.randint(2, 5)))
    return f"{text[0].upper()}{text[1:]}."


def _paragraph(chance: random.Random) -> str:
    return " ".join(_sentence(chance) for _ in range(chance.randint(3, 7)))


def _body(chance: random.Random) -> str:
    blocks = [_paragraph(chance) for _ in range(chance.randint(7, 10))]
    if chance.random() < 0.4:
        blocks.insert(2, f"## {chance.choice(PHRASES).capitalize()}")
        blocks.insert(4, "\n".join(f"- {_sentence(chance)}" for _ in range(4)))
        blocks.insert(5, f"> {_sentence(chance)}")
        blocks.insert(
            7,
            "| Năm | Hộ | Tỷ lệ |\n| --- | --- | --- |\n| 2019 | 125 | 61% |\n| 2020 | 216 | 75% |",
        )
        blocks.append(
            f"Theo **{chance.choice(PHRASES)}**, *{chance.choice(PHRASES)}*, xem [nguồn tin](https://example.org/nguon)."
        )
    return "\n\n".join(blocks)


def fresh(folder: Path) -> Path:
    """An empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def write_text(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
