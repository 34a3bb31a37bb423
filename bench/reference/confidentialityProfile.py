"""Builds the data of imaging/deidentify and imaging/dicom/rewrite from machine-readable facts of the standard.

Usage: confidentialityProfile.py ROWS.json EDITION REPOSITORY
ROWS.json: the rows of PS3.15 table E.1-1, one object each: name, tag "(gggg,eeee)", basicProfile and the options' codes.
Value representations come from pydicom's copy of the PS3.6 data dictionary.
"""

import json
import sys
from pathlib import Path

from pydicom._dicom_dict import DicomDictionary, RepeatersDictionary

OPTIONS = {
    "rtnSafePrivOpt": "retainSafePrivate",
    "rtnUIDsOpt": "retainUids",
    "rtnDevIdOpt": "retainDeviceIdentity",
    "rtnInstIdOpt": "retainInstitutionIdentity",
    "rtnPatCharsOpt": "retainPatientCharacteristics",
    "rtnLongFullDatesOpt": "retainFullDates",
    "rtnLongModifDatesOpt": "retainModifiedDates",
    "cleanDescOpt": "cleanDescriptors",
    "cleanStructContOpt": "cleanStructuredContent",
    "cleanGraphOpt": "cleanGraphics",
}


def single(vr: str) -> str:
    """One VR where the dictionary offers several: the first, pixel-like data as OW."""
    return "OW" if "OW" in vr else vr.split(" or ")[0]


rows_path, edition, repository = sys.argv[1:]
rows = []
for row in json.loads(Path(rows_path).read_text()):
    tag = row["tag"].strip("()")
    if "ODD" in tag:
        tag, vr = "private", "UN"
    else:
        number = tag.replace(",", "").replace("XX", "00")
        entry = DicomDictionary.get(int(number, 16))
        repeated = RepeatersDictionary.get(number.replace("0000", "xx00", 1)) if "XX" in tag else None
        vr = single((entry or repeated or ("OW",))[0])
    rows.append(
        {
            "tag": tag.lower(),
            "name": row["name"],
            "vr": vr,
            "basic": row["basicProfile"],
            **{ours: row[theirs] for theirs, ours in OPTIONS.items() if theirs in row},
        }
    )
profile = {"edition": f"PS3.15 table E.1-1, edition {edition}", "rows": rows}
target = Path(repository, "src-main/imaging")
(target / "deidentify/confidentialityProfile.json").write_text(json.dumps(profile) + "\n")

by_vr: dict[str, list[str]] = {}
for tag, (vr, *_) in sorted(DicomDictionary.items()):
    if vr != "NONE":
        by_vr.setdefault(single(vr), []).append(f"{tag:08x}")
dictionary = {vr: "".join(tags) for vr, tags in sorted(by_vr.items())}
(target / "dicom/rewrite/dataDictionary.json").write_text(json.dumps(dictionary) + "\n")
