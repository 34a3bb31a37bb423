import { describe, expect, it } from 'vitest'
import { discoverCases, readImageName } from './discoverCases.ts'

const roleOf = (path: string) => {
  const image = readImageName(path)
  return 'role' in image ? `${image.layout} ${image.caseName} ${image.role}` : image.reason
}

describe('readImageName', () => {
  it.each([
    [
      'd/Brats18_TCIA03_265_1/Brats18_TCIA03_265_1_flair.nii.gz',
      'brats Brats18_TCIA03_265_1 flair',
    ],
    ['BraTS20_Training_001_t1.nii', 'brats BraTS20_Training_001 t1'],
    ['BraTS2021_00000_t1ce.nii.gz', 'brats BraTS2021_00000 t1ce'],
    ['BraTS2021_00000_t2.nii.gz', 'brats BraTS2021_00000 t2'],
    ['BraTS2021_00000_seg.nii.gz', 'brats BraTS2021_00000 label'],
    ['BraTS-GLI-00005-000-t2f.nii.gz', 'brats BraTS-GLI-00005-000 flair'],
    ['BraTS-GLI-00005-000-t1n.nii.gz', 'brats BraTS-GLI-00005-000 t1'],
    ['BraTS-GLI-00005-000-t1c.nii.gz', 'brats BraTS-GLI-00005-000 t1ce'],
    ['BraTS-GLI-00005-000-t2w.nii.gz', 'brats BraTS-GLI-00005-000 t2'],
    ['BraTS-GLI-00005-000-seg.nii.gz', 'brats BraTS-GLI-00005-000 label'],
    ['TCGA-02-0006_1996.08.23_t1Gd.nii.gz', 'brats TCGA-02-0006_1996.08.23 t1ce'],
    ['W39_1998.09.19_Segm.nii', 'brats W39_1998.09.19 label'],
    ['C:\\data\\case 7\\FLAIR.NII.GZ', 'brats case 7 flair'],
    ['sub-01/anat/sub-01_FLAIR.nii.gz', 'bids sub-01 flair'],
    ['sub-01/ses-2/anat/sub-01_ses-2_T1w.nii.gz', 'bids sub-01_ses-2 t1'],
    ['sub-01/anat/sub-01_ce-gadolinium_T1w.nii.gz', 'bids sub-01 t1ce'],
    ['sub-01/anat/sub-01_acq-3d_T2w.nii.gz', 'bids sub-01 t2'],
    ['derivatives/x/sub-01/anat/sub-01_dseg.nii.gz', 'bids sub-01 label'],
    ['derivatives/x/sub-01/anat/sub-01_label-lesion_mask.nii.gz', 'bids sub-01 label'],
    [
      'derivatives/x/sub-01/anat/sub-01_desc-brain_mask.nii.gz',
      'a mask of "brain", not of the tumour',
    ],
    [
      'derivatives/x/sub-01/anat/sub-01_space-MNI_T1w.nii.gz',
      'a derived image; the original one is used',
    ],
    [
      'sub-01/func/sub-01_task-rest_bold.nii.gz',
      'the BIDS suffix "bold" is none of FLAIR, T1w, T2w, dseg and mask',
    ],
    [
      'head.nii',
      'the name tells no sequence: neither a BraTS ending such as "_flair" nor a BIDS suffix',
    ],
  ])('reads %s', (path, expected) => {
    expect(roleOf(path)).toBe(expected)
  })

  it('says how it knows', () => {
    expect(readImageName('a_t1ce.nii.gz').reason).toBe('name ends in "_t1ce" (BraTS up to 2021)')
    expect(readImageName('a-t1c.nii.gz').reason).toBe('name ends in "-t1c" (BraTS from 2023)')
    expect(readImageName('sub-1_ce-gd_T1w.nii').reason).toBe(
      'BIDS suffix T1w with contrast agent "ce-gd"',
    )
  })
})

describe('discoverCases', () => {
  it('groups a BraTS folder into cases in natural order', () => {
    const paths = ['c10', 'c9'].flatMap((name) =>
      ['flair', 't1', 't1ce', 't2', 'seg'].map((end) => `/b/${name}/${name}_${end}.nii.gz`),
    )
    const { layout, cases, unrecognised } = discoverCases([...paths, '/b/survival.csv'])
    expect(layout).toBe('brats')
    expect(unrecognised).toEqual([])
    expect(cases.map((found) => found.name)).toEqual(['c9', 'c10'])
    expect(cases[0].images).toEqual({
      flair: '/b/c9/c9_flair.nii.gz',
      t1: '/b/c9/c9_t1.nii.gz',
      t1ce: '/b/c9/c9_t1ce.nii.gz',
      t2: '/b/c9/c9_t2.nii.gz',
    })
    expect(cases[0].label).toBe('/b/c9/c9_seg.nii.gz')
    expect(cases[0].reasons.label).toBe('name ends in "_seg" (BraTS)')
  })

  it('keeps the sessions of a BIDS subject apart and finds their derivatives', () => {
    const { layout, cases } = discoverCases([
      '/r/sub-1/ses-a/anat/sub-1_ses-a_T1w.nii.gz',
      '/r/sub-1/ses-b/anat/sub-1_ses-b_FLAIR.nii.gz',
      '/r/derivatives/seg/sub-1/ses-b/anat/sub-1_ses-b_mask.nii.gz',
      '/r/derivatives/seg/sub-1/ses-b/anat/sub-1_ses-b_dseg.nii.gz',
    ])
    expect(layout).toBe('bids')
    expect(cases.map((found) => found.name)).toEqual(['sub-1_ses-a', 'sub-1_ses-b'])
    expect(cases[0].label).toBeNull()
    expect(cases[1].label).toContain('_dseg')
  })

  it('takes the plainest of several files for one role and reports the others', () => {
    const { cases, unrecognised } = discoverCases([
      'sub-1/anat/sub-1_acq-fast_T1w.nii.gz',
      'sub-1/anat/sub-1_run-2_T1w.nii.gz',
      'sub-1/anat/sub-1_T1w.nii.gz',
    ])
    expect(cases[0].images).toEqual({ t1: 'sub-1/anat/sub-1_T1w.nii.gz' })
    expect(unrecognised.map((file) => file.path)).toEqual([
      'sub-1/anat/sub-1_acq-fast_T1w.nii.gz',
      'sub-1/anat/sub-1_run-2_T1w.nii.gz',
    ])
  })

  it('passes over the hidden companions that macOS leaves', () => {
    const { cases, unrecognised } = discoverCases([
      'a/a_t1.nii',
      'a/._a_t1.nii',
      '__MACOSX/a/._a_t1.nii',
    ])
    expect(cases.map((found) => found.name)).toEqual(['a'])
    expect(unrecognised).toEqual([])
  })

  it('does not depend on the order of the files', () => {
    const paths = ['a_t1.nii', 'x/a_t1.nii', 'a_flair.nii', 'b_seg.nii', 'b_t2.nii', 'q.nii']
    expect(discoverCases([...paths].reverse())).toEqual(discoverCases(paths))
  })

  it('reports a label without images, and images it cannot place', () => {
    const { layout, cases, unrecognised } = discoverCases([
      'a/a_seg.nii',
      'a/thing.nii',
      'notes.txt',
    ])
    expect(layout).toBeNull()
    expect(cases).toEqual([])
    expect(unrecognised.map((file) => file.path)).toEqual(['a/a_seg.nii', 'a/thing.nii'])
    expect(unrecognised[0].reason).toContain('no image of the case "a"')
  })

  it('finds nothing in an empty folder', () => {
    expect(discoverCases([])).toEqual({ layout: null, cases: [], unrecognised: [] })
  })
})
