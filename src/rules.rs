//! The catalogue of rules.

pub mod conversation;
pub mod dataset;
pub mod file;
pub mod formats;
pub mod job;
mod names;
pub mod privacy;
pub mod quality;
pub mod tokens;
pub mod tools;

use std::fmt::Write as _;

use crate::rule::{Fix, Rule};

/// All rules, in the order of their codes.
pub static RULES: &[&Rule] = &[
    &file::invalid_json::RULE,
    &file::not_an_object::RULE,
    &file::json_array_file::RULE,
    &file::multi_line_json::RULE,
    &file::joined_lines::RULE,
    &file::blank_line::RULE,
    &file::byte_order_mark::RULE,
    &file::invalid_utf8::RULE,
    &file::wrong_encoding::RULE,
    &file::duplicate_key::RULE,
    &file::empty_file::RULE,
    &file::wrong_extension::RULE,
    &file::oversized_file::RULE,
    &file::python_literal::RULE,
    &file::trailing_comma::RULE,
    &file::lone_surrogate::RULE,
    &file::non_finite_number::RULE,
    &file::smart_quote::RULE,
    &file::raw_control_character::RULE,
    &file::deep_nesting::RULE,
    &file::unescaped_quote::RULE,
    &file::missing_punctuation::RULE,
    &file::comment::RULE,
    &file::stray_text::RULE,
    &file::merge_conflict::RULE,
    &file::lfs_pointer::RULE,
    &file::nul_character::RULE,
    &file::binary_file::RULE,
    &conversation::unknown_format::RULE,
    &conversation::mixed_formats::RULE,
    &conversation::missing_messages::RULE,
    &conversation::unknown_role::RULE,
    &conversation::missing_role::RULE,
    &conversation::empty_messages::RULE,
    &conversation::wrong_type::RULE,
    &conversation::unknown_key::RULE,
    &conversation::unknown_message_key::RULE,
    &conversation::missing_content::RULE,
    &conversation::empty_content::RULE,
    &conversation::missing_assistant::RULE,
    &conversation::last_message_not_assistant::RULE,
    &conversation::invalid_weight::RULE,
    &conversation::misplaced_weight::RULE,
    &conversation::untrained_example::RULE,
    &conversation::deprecated_functions::RULE,
    &conversation::unknown_content_part::RULE,
    &conversation::content_part_not_object::RULE,
    &conversation::system_not_first::RULE,
    &conversation::repeated_role::RULE,
    &conversation::developer_role::RULE,
    &conversation::special_token::RULE,
    &conversation::invalid_name::RULE,
    &conversation::missing_key::RULE,
    &conversation::first_message_not_user::RULE,
    &conversation::too_many_images::RULE,
    &conversation::unsupported_image::RULE,
    &conversation::oversized_image::RULE,
    &conversation::image_from_assistant::RULE,
    &conversation::invalid_image_url::RULE,
    &conversation::invalid_image_detail::RULE,
    &tools::invalid_arguments_json::RULE,
    &tools::arguments_not_object::RULE,
    &tools::arguments_not_string::RULE,
    &tools::arguments_mismatch::RULE,
    &tools::undeclared_tool::RULE,
    &tools::duplicate_tool_name::RULE,
    &tools::invalid_tool_name::RULE,
    &tools::too_many_tools::RULE,
    &tools::invalid_parameters_schema::RULE,
    &tools::missing_tool_call_id::RULE,
    &tools::duplicate_tool_call_id::RULE,
    &tools::orphan_tool_message::RULE,
    &tools::unanswered_tool_call::RULE,
    &tools::parallel_call_not_allowed::RULE,
    &tools::tools_and_functions::RULE,
    &tools::unused_tool::RULE,
    &tools::invalid_tool_call_id::RULE,
    &tools::empty_tool_calls::RULE,
    &tools::invalid_strict_schema::RULE,
    &tools::missing_parameter_description::RULE,
    &tools::inconsistent_tool::RULE,
    &tools::double_encoded_arguments::RULE,
    &tools::unknown_tool_type::RULE,
    &formats::missing_completion::RULE,
    &formats::empty_completion::RULE,
    &formats::missing_separator::RULE,
    &formats::missing_stop_sequence::RULE,
    &formats::missing_leading_space::RULE,
    &formats::repeated_prefix::RULE,
    &formats::missing_preference_output::RULE,
    &formats::preference_output_count::RULE,
    &formats::identical_outputs::RULE,
    &formats::system_in_reinforcement::RULE,
    &formats::last_message_not_user::RULE,
    &formats::inconsistent_item_keys::RULE,
    &tokens::example_too_long::RULE,
    &tokens::answer_cut_off::RULE,
    &tokens::too_few_examples::RULE,
    &tokens::too_many_examples::RULE,
    &tokens::too_many_tokens::RULE,
    &tokens::over_budget::RULE,
    &tokens::few_examples::RULE,
    &dataset::duplicate_example::RULE,
    &dataset::near_duplicate::RULE,
    &dataset::train_validation_overlap::RULE,
    &dataset::conflicting_answers::RULE,
    &dataset::dominant_answer::RULE,
    &dataset::same_file_twice::RULE,
    &dataset::inconsistent_system_prompt::RULE,
    &dataset::validation_prompt_overlap::RULE,
    &privacy::secret::RULE,
    &privacy::personal_data::RULE,
    &privacy::invisible_character::RULE,
    &privacy::reasoning_extraction::RULE,
    &job::not_a_request::RULE,
    &job::invalid_yaml::RULE,
    &job::unknown_parameter::RULE,
    &job::foreign_parameter::RULE,
    &job::missing_parameter::RULE,
    &job::wrong_parameter_type::RULE,
    &job::repeated_parameter::RULE,
    &job::unknown_model::RULE,
    &job::retired_model::RULE,
    &job::unknown_method::RULE,
    &job::model_method_mismatch::RULE,
    &job::file_format_mismatch::RULE,
    &job::method_section_mismatch::RULE,
    &job::hyperparameters_twice::RULE,
    &job::invalid_hyperparameter::RULE,
    &job::invalid_suffix::RULE,
    &job::invalid_seed::RULE,
    &job::invalid_integration::RULE,
    &job::invalid_metadata::RULE,
    &job::validation_is_training::RULE,
    &job::missing_validation_file::RULE,
    &job::path_as_file_id::RULE,
    &job::missing_grader::RULE,
    &job::unknown_grader::RULE,
    &job::misplaced_grader::RULE,
    &job::unknown_option::RULE,
    &job::invalid_grader_number::RULE,
    &job::invalid_passing_labels::RULE,
    &job::invalid_formula::RULE,
    &job::oversized_grader_source::RULE,
    &job::unknown_grader_key::RULE,
    &job::invalid_template::RULE,
    &job::missing_item_key::RULE,
    &job::odd_score_range::RULE,
    &quality::garbled_text::RULE,
    &quality::placeholder_text::RULE,
    &quality::boilerplate_refusal::RULE,
    &quality::unfinished_answer::RULE,
    &quality::repeated_text::RULE,
    &quality::surrounding_space::RULE,
    &quality::html_entity::RULE,
];

/// The rule with this code or name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.is_called(name))
}

/// The place of a rule in the catalogue.
pub(crate) fn index_of(rule: &Rule) -> usize {
    RULES.binary_search_by(|known| known.code.cmp(rule.code)).expect("the catalogue is sorted and complete")
}

/// Rules as a table for a README.
#[must_use]
pub fn markdown_table(rules: &[&Rule]) -> String {
    let mut table = String::from("| code | name | level | catches |\n|---|---|---|---|\n");
    for rule in rules {
        let level = rule.level.map_or("off", |severity| severity.name());
        // In a table a bar ends a cell, and a bracket may begin a tag.
        let summary = rule.summary.replace('|', "\\|").replace('<', "&lt;");
        let fix = match rule.fix {
            Some(Fix::Safe) => " *(fix)*",
            Some(Fix::Unsafe) => " *(unsafe fix)*",
            None => "",
        };
        let _ = writeln!(table, "| {} | {} | {level} | {summary}{fix} |", rule.code, rule.name);
    }
    table
}

/// So many good examples, for the samples of rules that count them.
fn examples(count: usize) -> Vec<u8> {
    (0..count)
        .flat_map(|n| format!("{{\"prompt\":\"1+{n}=\",\"completion\":\" {}.\"}}\n", n + 1).into_bytes())
        .collect()
}
