import type { Relation } from './tokens.ts';

/** Commands that change only looks. */
export const ignoredCommands = new Set(['left', 'right', 'middle', 'big', 'Big', 'bigg', 'Bigg', 'bigl', 'bigr', 'Bigl', 'Bigr', 'biggl', 'biggr', 'Biggl', 'Biggr', 'displaystyle', 'textstyle', 'scriptstyle', 'limits', 'nolimits', 'quad', 'qquad', 'thinspace', 'medspace', 'thickspace', 'enspace', 'nonumber', 'mathstrut', 'strut', 'hfill', 'newline', 'par', 'centering', 'small', 'large', 'Large', 'normalsize', 'rm', 'bf', 'it', 'hline', 'dotfill', 'boldmath', 'checkmark', 'phantom']);
/** Commands dropped with their argument. */
export const skippedWithArgument = new Set(['hspace', 'vspace', 'label', 'tag', 'color', 'vphantom', 'hphantom', 'kern', 'mspace']);
/** Commands whose argument is words. */
export const textCommands = new Set(['text', 'mbox', 'textbf', 'textit', 'textrm', 'textnormal', 'textsf', 'texttt', 'hbox', 'textup', 'textsc', 'emph', 'mathrm']);
/** Commands whose argument is read as if they were not there. */
export const fontCommands = new Set(['mathbf', 'mathit', 'mathsf', 'mathtt', 'mathnormal', 'boldsymbol', 'bm', 'pmb', 'boxed', 'fbox', 'operatorname', 'mathcal', 'mathfrak', 'mathscr', 'underline', 'ensuremath', 'smash', 'cancel']);
export const environments = new Set(['pmatrix', 'bmatrix', 'matrix', 'vmatrix', 'Vmatrix', 'Bmatrix', 'smallmatrix', 'array', 'cases', 'aligned']);

export const relations = new Map<string, Relation>([
	['le', '<='], ['leq', '<='], ['leqslant', '<='], ['ge', '>='], ['geq', '>='], ['geqslant', '>='], ['lt', '<'], ['gt', '>'], ['ne', '!='], ['neq', '!='],
	['approx', '~'], ['simeq', '~'], ['sim', '~'], ['in', 'in'], ['equiv', '='], ['doteq', '='], ['cong', '~'],
]);

export const binaryCommands = new Map<string, string>([
	['cdot', '*'], ['times', '*'], ['ast', '*'], ['star', '*'], ['bullet', '*'], ['div', '/'], ['pm', '±'], ['mp', '∓'], ['cup', '∪'], ['cap', '∩'], ['setminus', '∖'], ['backslash', '∖'],
	['lbrace', '\\{'], ['rbrace', '\\}'], ['lvert', '|'], ['rvert', '|'], ['vert', '|'], ['mid', '|'], ['colon', ':'], ['ldots', '…'], ['cdots', '…'], ['dots', '…'], ['dotsc', '…'],
	['lparen', '('], ['rparen', ')'], ['lbrack', '['], ['rbrack', ']'], ['land', 'and'], ['wedge', 'and'], ['lor', 'or'], ['vee', 'or'], ['comma', ','], ['prime', '\''],
	['langle', '⟨'], ['rangle', '⟩'], ['lfloor', '⌊'], ['rfloor', '⌋'], ['lceil', '⌈'], ['rceil', '⌉'],
]);

export const greek = new Set(['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'varepsilon', 'zeta', 'eta', 'theta', 'vartheta', 'iota', 'kappa', 'lambda', 'mu', 'nu', 'xi', 'rho', 'sigma', 'tau', 'upsilon', 'phi', 'varphi', 'chi', 'psi', 'omega', 'Gamma', 'Delta', 'Theta', 'Lambda', 'Xi', 'Sigma', 'Phi', 'Psi', 'Omega', 'ell']);

/** Functions of one argument that may stand without brackets, and those written with several. */
export const functionNames = new Set(['sin', 'cos', 'tan', 'cot', 'sec', 'csc', 'arcsin', 'arccos', 'arctan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'log', 'ln', 'lg', 'exp', 'sqrt', 'cbrt', 'gcd', 'lcm', 'min', 'max', 'abs', 'floor', 'ceil', 'cis', 'binom', 'arccot']);
export const knownCommands = new Set([...functionNames, 'frac', 'dfrac', 'tfrac', 'cfrac', 'binom', 'dbinom', 'tbinom', 'choose', 'pi', 'infty', 'infin', 'circ', 'degree', 'emptyset', 'varnothing', 'sum', 'prod', 'overline', 'bar', 'vec', 'hat', 'bmod', 'mod', 'pmod', 'mathbb', 'Re', 'Im', 'over', 'overrightarrow', 'triangle', 'angle', 'stackrel', 'xrightarrow', 'to', 'rightarrow', 'implies', 'Rightarrow', 'iff', 'int', 'lim', 'money', 'det', 'nthroot']);

/** Bare words that are mathematics. */
export const wordConstants = new Map<string, string>([['pi', 'pi'], ['inf', 'infty'], ['infty', 'infty'], ['infinity', 'infty'], ['emptyset', 'emptyset'], ['frac', 'frac'], ['degree', 'degree'], ['degrees', 'degree'], ['deg', 'degree']]);

export const unitAbbreviations = new Set(['cm', 'mm', 'km', 'ft', 'in', 'yd', 'mi', 'kg', 'mg', 'lb', 'lbs', 'oz', 'hr', 'hrs', 'sec', 'min', 'ml', 'mph', 'am', 'pm', 'sq', 'cc', 'kph', 'cms', 'kms', 'mins', 'secs', 'usd', 'm/s']);
