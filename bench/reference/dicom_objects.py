"""Reads objects that Gliadesk exported with pydicom and compares them with the labels that they were made of.

python3 bench/reference/dicom_objects.py LABELS.nii.gz OBJECT.dcm...

Checks that attributes of type 1 have values, that every voxel of a segmentation is the label's (by Image Position, not by
order), that contours enclose the labels' pixel centres, and that the volumes of a report are those of the labels.
"""
import sys

import nibabel
import numpy as np
import pydicom

# Headers round positions: slices of scanners lie up to a tenth of their distance off the even grid of their volume.
OFF = 0.1
CLASSES = {"NCR": 1, "ED": 2, "ET": 3}
TYPE_1 = {
    "all": "SOPClassUID SOPInstanceUID StudyInstanceUID SeriesInstanceUID Modality SeriesNumber InstanceNumber",
    "SEG": "FrameOfReferenceUID Manufacturer ManufacturerModelName DeviceSerialNumber SoftwareVersions ImageType ContentLabel "
    "ContentDate ContentTime SamplesPerPixel PhotometricInterpretation Rows Columns BitsAllocated BitsStored HighBit "
    "PixelRepresentation NumberOfFrames SegmentationType SegmentSequence LossyImageCompression "
    "SharedFunctionalGroupsSequence PerFrameFunctionalGroupsSequence DimensionOrganizationSequence DimensionIndexSequence PixelData",
    "RTSTRUCT": "StructureSetLabel StructureSetROISequence ROIContourSequence RTROIObservationsSequence "
    "ReferencedFrameOfReferenceSequence ApprovalStatus",
    "SR": "CompletionFlag VerificationFlag ContentDate ContentTime ValueType ConceptNameCodeSequence ContinuityOfContent "
    "ContentSequence ContentTemplateSequence CurrentRequestedProcedureEvidenceSequence",
}
TYPE_2 = "PatientName PatientID PatientBirthDate PatientSex StudyDate StudyTime ReferringPhysicianName StudyID AccessionNumber"
SEGMENT = "SegmentNumber SegmentLabel SegmentAlgorithmType SegmentedPropertyCategoryCodeSequence SegmentedPropertyTypeCodeSequence"


def require(data_set, keywords, filled=True):
    for keyword in keywords.split():
        assert keyword in data_set, f"{keyword} is missing"
        if filled:
            assert data_set[keyword].VM > 0 or data_set[keyword].VR == "SQ", f"{keyword} is empty"


def check_segmentation(data_set, labels, to_index):
    shared = data_set.SharedFunctionalGroupsSequence[0]
    orientation = np.array(shared.PlaneOrientationSequence[0].ImageOrientationPatient, float)
    spacing = np.array(shared.PixelMeasuresSequence[0].PixelSpacing, float)
    rows, columns = np.mgrid[0 : data_set.Rows, 0 : data_set.Columns]
    frames = data_set.pixel_array.reshape(-1, data_set.Rows, data_set.Columns)
    found = np.zeros_like(labels)
    values = {}
    for segment in data_set.SegmentSequence:
        require(segment, SEGMENT)
        if segment.SegmentAlgorithmType != "MANUAL":
            require(segment, "SegmentAlgorithmName")
        values[segment.SegmentNumber] = CLASSES.get(segment.SegmentLabel, 0)
    off = 0
    for frame, groups in zip(frames, data_set.PerFrameFunctionalGroupsSequence, strict=True):
        position = np.array(groups.PlanePositionSequence[0].ImagePositionPatient, float)
        world = (
            position
            + columns[..., None] * spacing[1] * orientation[:3]
            + rows[..., None] * spacing[0] * orientation[3:]
        )
        world[..., :2] *= -1
        index = world @ to_index[:3, :3].T + to_index[:3, 3]
        off = max(off, np.abs(index - np.rint(index)).max())
        i, j, k = np.rint(index).astype(int).transpose(2, 0, 1)
        if data_set.SegmentationType == "LABELMAP":
            found[i, j, k] = np.vectorize(lambda value: values[value])(frame)
        else:
            inside = frame > 0
            number = groups.SegmentIdentificationSequence[0].ReferencedSegmentNumber
            assert not found[i[inside], j[inside], k[inside]].any(), "segments overlap"
            found[i[inside], j[inside], k[inside]] = values[number]
    assert (found == labels).all(), "voxels differ"
    assert off < OFF, off
    return f"{len(frames)} frames, {int((labels > 0).sum())} voxels equal, at most {off:.1e} voxels off"


def check_structure_set(data_set, labels, to_index):
    names = {roi.ROINumber: roi.ROIName for roi in data_set.StructureSetROISequence}
    contours = 0
    for roi in data_set.ROIContourSequence:
        found = np.zeros(labels.shape, bool)
        for contour in roi.ContourSequence:
            world = np.array(contour.ContourData, float).reshape(-1, 3) * [-1, -1, 1]
            assert len(world) == contour.NumberOfContourPoints
            index = world @ to_index[:3, :3].T + to_index[:3, 3]
            k = int(round(index[0, 2]))
            assert np.abs(index[:, 2] - k).max() < OFF
            points = np.vstack([index[:, :2], index[:1, :2]])
            grid = np.stack(np.mgrid[0 : labels.shape[0], 0 : labels.shape[1]], -1).reshape(-1, 2)
            # A keyhole is walked twice, so the even-odd rule leaves the hole out.
            inside = even_odd(points, grid).reshape(labels.shape[:2])
            found[..., k] |= inside
            contours += 1
        assert (found == (labels == CLASSES[names[roi.ReferencedROINumber]])).all(), "contours differ"
    return f"{contours} contours enclose exactly the labels"


def even_odd(points, grid):
    x, y = grid[:, 0], grid[:, 1]
    inside = np.zeros(len(grid), bool)
    for (x0, y0), (x1, y1) in zip(points[:-1], points[1:]):
        crosses = (y0 > y) != (y1 > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            inside ^= crosses & (x < x0 + (y - y0) / (y1 - y0) * (x1 - x0))
    return inside


def check_report(data_set, labels, voxel_ml):
    measurements = data_set.ContentSequence[-1]
    assert measurements.ConceptNameCodeSequence[0].CodeMeaning == "Imaging Measurements"
    parts = {"NCR": [1], "ED": [2], "ET": [3], "WT": [1, 2, 3], "TC": [1, 3]}
    for group in measurements.ContentSequence:
        name = group.ContentSequence[0].TextValue
        numbers = {
            item.ConceptNameCodeSequence[0].CodeMeaning: float(item.MeasuredValueSequence[0].NumericValue)
            for item in group.ContentSequence
            if item.ValueType == "NUM"
        }
        if name in parts:
            expected = np.isin(labels, parts[name]).sum() * voxel_ml
            assert abs(numbers["Volume"] - expected) < 1e-3, (name, numbers, expected)
    return f"{len(measurements.ContentSequence)} groups, volumes equal"


image = nibabel.load(sys.argv[1])
labels = np.asarray(image.dataobj).astype(np.uint8)
labels[labels == 4] = 3
to_index = np.linalg.inv(image.affine)
for path in sys.argv[2:]:
    data_set = pydicom.dcmread(path)
    require(data_set, TYPE_1["all"])
    require(data_set, TYPE_2, filled=False)
    require(data_set, TYPE_1[data_set.Modality])
    if data_set.Modality == "SEG":
        result = check_segmentation(data_set, labels, to_index)
    elif data_set.Modality == "RTSTRUCT":
        result = check_structure_set(data_set, labels, to_index)
    else:
        result = check_report(data_set, labels, abs(np.linalg.det(image.affine)) / 1000)
    print(f"{path}: {result}")
