import { algebra } from './algebra.ts';
import { counting } from './counting.ts';
import { geometry } from './geometry.ts';
import type { Maker } from './hand.ts';
import { numberTheory } from './numberTheory.ts';

/** Every kind of question in the sample, by subject. */
export const makers: readonly Maker[] = [...algebra, ...numberTheory, ...counting, ...geometry];

export const subjects: readonly string[] = [...new Set(makers.map(({ subject }) => subject))];

/** Returns the skill list of a subject, in alphabetical order as in the banks. */
export function skillsOf(subject: string): string[] {
	return [...new Set(makers.filter((maker) => maker.subject === subject).flatMap(({ skills }) => skills))].sort();
}

/** The names that a teacher might first give to a skill, before names are clustered. */
export const aliases: Readonly<Record<string, readonly string[]>> = {
	solving_linear_equations: ['linear_equations', 'isolating_a_variable'],
	distributing_over_brackets: ['distributive_property', 'expanding_expressions'],
	systems_of_equations: ['simultaneous_equations', 'elimination_method'],
	factoring_quadratics: ['factoring_trinomials', 'zero_product_property'],
	quadratic_formula_and_discriminant: ['quadratic_formula', 'discriminant'],
	exponent_rules: ['laws_of_exponents', 'power_of_a_power'],
	function_evaluation_and_composition: ['function_composition', 'inverse_functions'],
	arithmetic_and_geometric_sequences: ['arithmetic_series', 'geometric_sequences'],
	ratios_and_percentages: ['percent_change', 'ratio_reasoning'],
	arithmetic_skills: ['careful_arithmetic', 'integer_arithmetic'],
	inequalities: ['linear_inequalities', 'solving_inequalities'],
	prime_factorization: ['factoring_into_primes', 'prime_decomposition'],
	gcd_and_lcm: ['least_common_multiple', 'greatest_common_divisor'],
	counting_divisors: ['number_of_divisors', 'divisor_function'],
	modular_arithmetic: ['congruences', 'remainders'],
	base_conversion: ['number_bases', 'positional_notation'],
	units_digit_cycles: ['last_digit_patterns', 'cyclic_patterns'],
	permutations_and_arrangements: ['permutations', 'arrangements_with_repetition'],
	combinations: ['binomial_coefficients', 'choosing_subsets'],
	inclusion_exclusion: ['overlapping_sets', 'venn_diagrams'],
	complementary_counting: ['counting_the_complement', 'at_least_one_arguments'],
	probability_of_compound_events: ['basic_probability', 'independent_events'],
	expected_values: ['expectation', 'weighted_averages'],
	pythagorean_theorem: ['right_triangles', 'pythagorean_relation'],
	area_of_polygons: ['triangle_area', 'area_formulas'],
	circle_measurements: ['circle_area', 'sectors_and_arcs'],
	similar_figures: ['similar_triangles', 'scale_factors'],
	coordinate_geometry: ['slope_and_intercept', 'distance_formula'],
	angle_relationships: ['angle_sums', 'interior_angles'],
	volume_and_surface_area: ['volume_of_solids', 'surface_area'],
};
