export const curationSentences = {
	'curation.decidedInPart': '{decided} of {all} are decided and stand, the others are not: {reason}',
} as const;
