"""Checks de-identified DICOM files with pydicom, independently of the program that wrote them.

Usage: deidentified_check.py PROFILE.json PAIRS.tsv
PROFILE.json: src-main/imaging/deidentify/confidentialityProfile.json
PAIRS.tsv: original path <tab> de-identified path, a line each. The basic profile without options is expected.
"""

import json
import sys
import warnings
from pathlib import Path

import pydicom

warnings.simplefilter("ignore")
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE

rows = {r["tag"]: r for r in json.loads(Path(sys.argv[1]).read_text())["rows"]}
# What this program writes itself.
OWN = {0x00100010, 0x00100020, 0x00120062, 0x00120063, 0x00120064, 0x00280303}
problems: list[str] = []


def key(tag) -> str:
    return f"{tag.group:04x},{tag.element:04x}"


def compare(path: str, before, after) -> None:
    for element in before:
        tag = element.tag
        row = rows.get(key(tag))
        if tag.is_private:
            if tag in after:
                problems.append(f"{path}: private element kept")
        elif tag.element == 0 or tag in OWN:
            continue
        elif row is None and not 0x6000 <= tag.group <= 0x60FF and tag.group not in (0xFFFC, 0xFFFA):
            if element.VR in ("UI", "PN", "DA", "DT", "TM") or not pydicom.datadict.dictionary_has_tag(tag):
                continue
            if tag not in after:
                problems.append(f"{path}: {tag} is missing")
            elif element.VR == "SQ":
                if len(element.value) != len(after[tag].value):
                    problems.append(f"{path}: {tag} has lost items")
                for one, other in zip(element.value, after[tag].value):
                    compare(path, one, other)
            elif element.value != after[tag].value:
                problems.append(f"{path}: {tag} changed although the table does not name it")
        elif row is not None and tag in after and not element.is_empty:
            same = element.value == after[tag].value
            standard = element.VR == "UI" and str(element.value).startswith("1.2.840.10008.")
            if same and element.VR != "SQ" and not standard and str(element.value) not in ("0", "REMOVED"):
                problems.append(f"{path}: {tag} {row['name']} survived")
            if row["basic"] == "X":
                problems.append(f"{path}: {tag} {row['name']} should be absent")


count = 0
for line in Path(sys.argv[2]).read_text().splitlines():
    original, written = line.split("\t")
    before, after = pydicom.dcmread(original, force=True), pydicom.dcmread(written)
    compare(written, before, after)
    if "TransferSyntaxUID" in before.file_meta and before.get("PixelData") != after.get("PixelData"):
        problems.append(f"{written}: pixels differ")
    syntax = getattr(before.file_meta, "TransferSyntaxUID", None)
    if syntax and syntax != after.file_meta.TransferSyntaxUID:
        problems.append(f"{written}: transfer syntax {syntax} became {after.file_meta.TransferSyntaxUID}")
    if after.PatientIdentityRemoved != "YES" or after.DeidentificationMethodCodeSequence[0].CodeValue != "113100":
        problems.append(f"{written}: not marked")
    count += 1
print(f"{count} files, {len(problems)} problems")
print("\n".join(problems[:40]))
sys.exit(1 if problems else 0)
