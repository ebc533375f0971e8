/**
 * Words that announce a final answer, by language. `comma` means that the language's decimal mark is a comma. If the
 * words alone are common in ordinary prose, a colon or a verb must follow them.
 */
const announcements: readonly { readonly pattern: string; readonly comma: boolean }[] = [
	// English
	{
		pattern:
			'(?:final\\s{1,9}answer|correct\\s{1,9}answer|correct\\s{1,9}(?:option|choice)|answer)\\*{0,4}\\s{0,9}' +
			'(?:(?:is|was|would\\s{1,9}be|should\\s{1,9}be|equals|' +
			'to\\s{1,9}the\\s{1,9}(?:question|problem)\\s{1,9}is)\\b|:|：|=)' +
			'\\s{0,9}(?:therefore|thus|simply|just)?',
		comma: false,
	},
	// Chinese, Japanese, Korean
	{ pattern: '(?:答案|最终结果|最後結果)(?:应该|应当|應該|就|即)?\\s{0,3}(?:是|为|為|：|:)', comma: false },
	{ pattern: '(?:答え|解答|回答|答)\\s{0,3}(?:は|：|:)', comma: false },
	{ pattern: '(?:정답|답변|답)(?:은|는|이)?\\s{0,3}(?:[:：]|(?=[\\s$\\\\\\d-]))', comma: false },
	// Russian, Ukrainian, Polish
	{ pattern: 'ответ(?:ом)?\\s{0,3}(?:[:：—–-]|равен|равна|является|будет|есть)', comma: true },
	{ pattern: 'відповідь\\s{0,3}[:：—–-]', comma: true },
	{ pattern: 'odpowied(?:ź|zi[ąa])\\s{0,3}(?::|to\\b|jest\\b|brzmi:?)', comma: true },
	// Spanish, Portuguese, French, Italian
	{
		pattern: 'respuesta(?:\\s{1,3}(?:final|correcta))?\\s{0,3}(?::|es\\b|ser[ií]a|será)\\s{0,3}',
		comma: true,
	},
	{ pattern: 'resposta(?:\\s{1,3}(?:final|correta))?\\s{0,3}(?::|é|será|seria)', comma: true },
	{ pattern: 'réponse(?:\\s{1,3}(?:finale|correcte|exacte))?\\s{0,3}(?::|est\\b|sera\\b)', comma: true },
	{ pattern: 'risposta(?:\\s{1,3}(?:finale|corretta))?\\s{0,3}(?::|è|sarà)', comma: true },
	// German, Dutch, Swedish, Danish, Turkish
	{ pattern: '(?:antwort|ergebnis)\\s{0,3}(?::|ist\\b|lautet:?)', comma: true },
	{ pattern: '(?:lösung|antwort|ergebnis)\\s{0,3}(?::|ist\\b|lautet:?|beträgt)', comma: true },
	{ pattern: 'antwoord\\s{0,3}(?::|is\\b)', comma: true },
	{ pattern: '(?:svaret|svar)\\s{0,3}(?::|är\\b|er\\b)', comma: true },
	{ pattern: '(?:cevap|yanıt|sonuç)\\s{0,3}:', comma: true },
	// Vietnamese, Indonesian, Swahili
	{ pattern: '(?:đáp án|đáp số|câu trả lời)(?: cuối cùng| đúng)?\\s{0,3}(?:là|:)', comma: true },
	{ pattern: 'jawaban(?:nya)?(?: akhir)?\\s{0,3}(?:adalah|:)', comma: true },
	{ pattern: 'jibu(?: la mwisho)?\\s{0,3}(?:ni\\b|:)', comma: false },
	// Arabic, Persian, Hindi, Bengali, Thai, Telugu
	{ pattern: '(?:الإجابة|الاجابة|الجواب)(?: النهائية| النهائي| الصحيحة)?\\s{0,3}(?:هي|هو|:)', comma: false },
	{ pattern: '(?:پاسخ|جواب)(?: نهایی)?\\s{0,3}:', comma: false },
	{ pattern: 'उत्तर\\s{0,3}(?:है|:|=)', comma: false },
	{ pattern: 'উত্তর\\s{0,3}(?:হল|হলো|:|=)', comma: false },
	{ pattern: 'คำตอบ(?:สุดท้าย)?\\s{0,3}(?:คือ|:)', comma: false },
	{ pattern: 'సమాధానం\\s{0,3}(?:=|:)?', comma: false },
];

const compiled = announcements.map(({ pattern, comma }) => ({
	comma,
	// Markdown may come between the announcement and the colon: **Ответ**: 25.
	source: pattern.replaceAll('\\s{0,3}', '[*_\\s]{0,6}'),
}));
const anyOf = (list: typeof compiled, flags: string): { pattern: RegExp; commas: readonly boolean[] } => ({
	pattern: new RegExp(list.map(({ source }) => `(${source})`).join('|'), flags),
	commas: list.map(({ comma }) => comma),
});
const foreign = /[^\x20-\x7e\s：]/;
const everyLanguage = anyOf(compiled, 'giu');
const plainLetters = anyOf(
	// Only the beginning of a pattern is tested, because a pattern may list accented forms (la respuesta será) next to
	// plain ones (la respuesta es).
	compiled.filter(({ source }) => !foreign.test(source.slice(0, 8))),
	'gi',
);

/**
 * Finds where `text` announces answers, in order: yields the end of each announcement and its language's decimal mark.
 */
export function* announcementsIn(text: string): Generator<{ end: number; decimalComma: boolean }> {
	const { pattern, commas } = foreign.test(text) ? everyLanguage : plainLetters;
	for (const match of text.matchAll(pattern)) {
		const which = match.slice(1).findIndex((group) => group !== undefined);
		yield { end: match.index + match[0].length, decimalComma: commas[which] === true };
	}
}
