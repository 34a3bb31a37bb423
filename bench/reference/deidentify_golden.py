"""Writes DICOM files with pydicom and what the basic profile has to leave of them, worked out apart from the program.

Usage: deidentify_golden.py ROWS.json OUT.json
ROWS.json: the rows of PS3.15 table E.1-1 (name, tag, basicProfile). For every element, named by its path of tags and item
numbers: "absent", "empty", "other" (there, with another value) or "same".
"""

import base64
import io
import json
import sys

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

basic = {r["tag"].strip("()").lower(): r["basicProfile"] for r in json.loads(open(sys.argv[1]).read())}
# Optional in every IOD: removed where the table leaves the choice.
OPTIONAL = {"0008,0012", "0008,0013", "0008,0021", "0008,0031", "0008,0080", "0008,0082", "0008,1010", "0008,1070", "0008,1072"}
DISPOSITION = {"X": "absent", "Z": "empty", "X/Z": "empty", "U": "other", "D": "other", "Z/D": "other"}


def study() -> Dataset:
    ds = Dataset()
    ds.SpecificCharacterSet = "ISO_IR 100"
    ds.ImageType = ["ORIGINAL", "PRIMARY"]
    ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.4"
    ds.SOPInstanceUID = "1.2.3.4.5.6"
    ds.StudyDate, ds.SeriesDate, ds.ContentDate = "20240502", "20240502", "20240502"
    ds.AcquisitionDateTime = "20240502101112.5"
    ds.Modality = "MR"
    ds.Manufacturer = "Maker"
    ds.InstitutionName, ds.StationName = "Hospital", "MR7"
    ds.ReferringPhysicianName = "Jürgens^Jörg"
    ds.PatientName, ds.PatientID = "Doe^Jane", "4711"
    ds.PatientBirthDate, ds.PatientSex = "19600131", "F"
    ds.OtherPatientIDsSequence = Sequence([Dataset()])
    ds.OtherPatientIDsSequence[0].PatientID = "0815"
    ds.BodyPartExamined = "BRAIN"
    ds.EchoTime, ds.FlipAngle = 98.5, 150
    ds.DeviceSerialNumber, ds.ProtocolName = "SN-1", "head Jane"
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.FrameOfReferenceUID = "1.2.3.4", "1.2.3.4.5", "1.2.3.9"
    ds.ImagePositionPatient = [1.5, -2, 3]
    ds.Rows, ds.Columns = 2, 3
    reference = Dataset()
    reference.ReferencedSOPClassUID = "1.2.840.10008.5.1.4.1.1.4"
    reference.ReferencedSOPInstanceUID = "1.2.3.4.5.7"
    ds.ReferencedImageSequence = Sequence([reference])
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "12738006", "SCT", "Brain"
    ds.AnatomicRegionSequence = Sequence([code, code])
    request = Dataset()
    request.RequestedProcedureDescription = "Jane's head"
    ds.RequestAttributesSequence = Sequence([request])
    block = ds.private_block(0x0019, "MAKER", create=True)
    block.add_new(0x0C, "IS", "1000")
    nested = Dataset()
    nested.private_block(0x0021, "MAKER", create=True).add_new(1, "LO", "Jane")
    nested.PerformingPhysicianName = "Jones^Jim"
    nested.RecommendedDisplayFrameRate = 3
    ds.ReferencedStudySequence = Sequence([nested])
    ds.MRImagingModifierSequence = Sequence([nested])
    ds.ImageComments = "Jane"
    ds.PixelData = bytes(range(12))
    return ds


def expected(ds: Dataset, path: str = "") -> dict[str, str]:
    result: dict[str, str] = {}
    for element in ds:
        key = f"{element.tag.group:04x},{element.tag.element:04x}"
        code = basic.get(key, "K")
        what = DISPOSITION.get(code, "same")
        if code in ("X/D", "X/Z/D"):
            what = "absent" if key in OPTIONAL else "other"
        if element.tag.is_private:
            what = "absent"
        if key in ("0010,0010", "0010,0020"):
            what = "other"
        if element.VR == "SQ" and what not in ("absent", "empty"):
            for number, item in enumerate(element.value):
                result |= expected(item, f"{path}{key}[{number}].")
        elif str(element.value).startswith("1.2.840.10008."):
            result[path + key] = "same"
        else:
            result[path + key] = what
    return result


files = {}
for name, syntax in [
    ("explicit little endian", ExplicitVRLittleEndian),
    ("implicit little endian", ImplicitVRLittleEndian),
    ("explicit big endian", ExplicitVRBigEndian),
]:
    ds = study()
    ds["PixelData"].VR = "OW"
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    for sequence in ("AnatomicRegionSequence", "MRImagingModifierSequence"):
        ds[sequence].is_undefined_length = True
    buffer = io.BytesIO()
    ds.save_as(buffer, enforce_file_format=True)
    files[name] = base64.b64encode(buffer.getvalue()).decode()
json.dump({"expected": expected(study()), "files": files}, open(sys.argv[2], "w"), indent=2)
