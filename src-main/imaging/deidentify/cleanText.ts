/** Words of MR protocols and anatomy that name no person and no place. Lower case. */
const VOCABULARY: ReadonlySet<string> = new Set(
  `t1 t2 t1w t2w t1ce t1c t1gd t1n t2f t2star t2s pd pdw flair dflair stir tirm swi swan dwi dti adc fa trace trak dsc dce pwi perf
  perfusion diffusion asl cbf cbv mtt ttp tof mra mrv angio mrs svs csi bold fmri rest spect gre tse fse se ep ep2d epi haste
  space cube vista vibe bravo mprage mp2rage spgr fspgr tfe ffe fl2d fl3d tfl tfl3d tir ir irfse flash fiesta ciss trufi propeller
  blade resolve medic dixon fatsat fs nofs spair spir ax axial tra trans transversal transverse sag sagittal cor coronal obl oblique
  2d 3d 4d iso isotropic hires highres lowres fast thin thick post pre post-contrast contrast gd gad gado km kontrast c +c -c +gd
  ce plain nativ native head brain skull neck spine cranial cerebral cerebrum tumor tumour glioma glioblastoma gbm stereotaxy stealth navigation nav
  neuronav localizer localiser loc scout survey aahead calibration cal mpr mip minip rec recon reformat derived original primary
  secondary processed subtraction sub mask seg segmentation label labels roi rois whole core edema oedema enhancing necrosis
  necrotic nonenhancing volume map maps phase mag magnitude real imaginary echo echoes te tr ti mm ms sec s deg b b0 b50 b500 b800
  b1000 b1500 b2000 p2 p3 grappa sense series scan sequence dynamic dyn normal norm filtered unfiltered distortion corrected
  registered aligned resampled follow up baseline and with without of the in on to`.split(/\s+/),
)
/** Short numbers (thicknesses, matrix sizes, echoes); a longer one may be a date, a telephone or a record number. */
const SHORT_NUMBER = /^\d{1,3}([.,]\d{1,2})?(mm|ms|x\d{1,3})?$/

/**
 * Keeps what of a description is technical: the words of a fixed vocabulary and short numbers. Everything else, known or
 * not as a name, is left out.
 *
 * @returns empty where nothing technical was in it
 */
export function cleanText(text: string): string {
  return text
    .split(/[\s_/\\,;:()[\]{}^|="']+/)
    .filter((word) => {
      const lower = word.toLowerCase()
      return VOCABULARY.has(lower) || SHORT_NUMBER.test(lower)
    })
    .join(' ')
    .slice(0, 64)
}
