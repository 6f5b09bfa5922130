//! The tokens of an example: its texts, and what the format adds to them.
//!
//! What is counted is what is billed: messages and tool definitions. The three tokens that prime a
//! reply belong to a request and not to an example.

use super::image::Image;
use super::repeats::Repeats;
use super::tools::ToolCounter;
use super::{Counter, Encoding, Estimate, ImagePricing, Images, Reason};
use crate::example::{Arguments, Content, Example, Field, Format, FunctionCall, Message, Part, UnknownKey};
use crate::json::NodeId;

/// The tokens of one example.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExampleTokens {
    /// All of them, as they are billed if nothing is cut off.
    pub total: u64,
    /// The longest text that the model sees at once: all of them, but of a preference line the
    /// input and the longer output.
    pub length: u64,
    /// The longer output of a preference line; the shorter one is what `total` has more than `length`.
    pub output: u64,
    /// Those of the answers that are trained.
    pub answers: u64,
    /// The images among them.
    pub images: Images,
    /// What there is to price of these images at most: the size of some is not known.
    pub most_images: Images,
    /// What is cut off at the model's training context.
    pub cut: Option<Cut>,
    /// What is not exact about these figures.
    pub estimate: Estimate,
}

impl ExampleTokens {
    /// How many tokens are cut off; of a preference line both outputs are, each behind the input.
    #[must_use]
    pub fn cut_off(&self) -> u64 {
        self.cut.map_or(0, |cut| self.total - kept(self.total, self.length, self.output, cut.context))
    }
}

/// How many tokens of an example are left at a context: of what stands before the outputs, and of each of them.
pub(crate) fn kept(total: u64, length: u64, output: u64, context: u64) -> u64 {
    let common = length.saturating_sub(output).min(context);
    let room = context - common;
    common + output.min(room) + (total - length).min(room)
}

/// Where an example is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The tokens that are kept.
    pub context: u64,
    /// The message in which the cut is, or the text of a completions line.
    pub at: NodeId,
    /// The text that is cut, and how many of its bytes are kept at least. None if there is not
    /// exactly one text.
    pub text: Option<(NodeId, usize)>,
    /// Whether a token that is trained is kept.
    pub answers_left: bool,
}

/// What every message costs besides its texts: the tokens at its start, before its text and at its end.
const PER_MESSAGE: u64 = 3;
/// What stands before the text of a message: its start, its role, the mark behind that.
const HEADER: u64 = 3;
/// What a name costs besides its text.
const PER_NAME: u64 = 1;
/// What a call costs besides the function's name and arguments.
const PER_CALL: u64 = 3;
/// What the reasoning that led to an answer is called.
const REASONING: &[&str] = &["reasoning_content", "reasoning", "thinking"];
/// What a message of the deprecated role `function` costs less.
const FUNCTION_ROLE: u64 = 2;
/// What tool definitions cost less where a system message takes them in.
const SHARED_SYSTEM: u64 = 4;

/// Counts the tokens of examples; one per thread.
pub struct ExampleCounter {
    counter: Counter,
    tools: ToolCounter,
    repeats: Repeats,
    images: Option<ImagePricing>,
    context: Option<u64>,
    /// Whether a weight says which answers are trained.
    weights: bool,
    /// The keys of an answer, if others are not passed on to the chat template.
    keys: Option<&'static [&'static str]>,
    /// What holds for every example.
    estimate: Estimate,
    pieces: Vec<Piece>,
    padded: String,
}

/// A message, or a text of a completions line.
#[derive(Clone, Copy)]
struct Piece {
    at: NodeId,
    /// Its text, if it has exactly one.
    text: Option<NodeId>,
    tokens: u64,
    /// How many of them stand before its text.
    header: u64,
    trained: bool,
    branch: Branch,
}

/// What of an example is read together: what is common, and one of the outputs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Branch {
    Common,
    Preferred,
    NonPreferred,
}

impl ExampleCounter {
    /// A counter for a model that has this encoding, reads images at this price and is trained on
    /// so many tokens of an example.
    #[must_use]
    pub fn new(encoding: Encoding, images: Option<ImagePricing>, context: Option<u64>) -> Self {
        ExampleCounter {
            counter: Counter::new(encoding),
            tools: ToolCounter::default(),
            repeats: Repeats::default(),
            images,
            context,
            weights: true,
            keys: Some(&[]),
            estimate: Estimate::default(),
            pieces: Vec::new(),
            padded: String::new(),
        }
    }

    /// The same for a model with a tokenizer of its own, if it has one: all counts are estimates.
    #[must_use]
    pub fn with_own_tokenizer(mut self, own: bool) -> Self {
        if own {
            self.estimate.add(Reason::Tokenizer);
        }
        self
    }

    /// The same for a target that knows weights of answers, or does not: then all answers are trained.
    #[must_use]
    pub fn with_weights(mut self, weights: bool) -> Self {
        self.weights = weights;
        self
    }

    /// The same for a target whose answers have these keys: reasoning is counted if it is among them. Without, any key may
    /// end in the text.
    #[must_use]
    pub fn with_keys(mut self, keys: Option<&'static [&'static str]>) -> Self {
        self.keys = keys;
        self
    }

    /// Counts the tokens of an example.
    pub fn count(&mut self, example: &Example<'_>) -> ExampleTokens {
        let mut tokens = ExampleTokens { estimate: self.estimate, ..ExampleTokens::default() };
        self.pieces.clear();
        let mut tools = self.tools.count(example, &mut self.counter, &mut tokens.estimate);
        let mut pad = tools > 0;
        for message in example.conversation.messages() {
            let system = message.is("system");
            if system && pad {
                tools -= SHARED_SYSTEM;
            }
            let trained = example.format == Format::Chat && self.is_trained(example, message, &mut tokens.estimate);
            self.message(example, message, system && pad, trained, Branch::Common, &mut tokens);
            pad &= !system;
        }
        for (output, branch) in
            [(example.preferred_output, Branch::Preferred), (example.non_preferred_output, Branch::NonPreferred)]
        {
            for message in output.value().unwrap_or_default() {
                tokens.estimate.add(Reason::Preference);
                self.message(example, message, false, message.is("assistant"), branch, &mut tokens);
            }
        }
        for (field, trained) in [(example.prompt, false), (example.answer().1, true)] {
            if let Field::Value(at, text) = field {
                let piece = Piece { at, text: Some(at), tokens: 0, header: 0, trained, branch: Branch::Common };
                let tokens = self.text(text);
                self.pieces.push(Piece { tokens, ..piece });
            }
        }
        let sum = |wanted: &dyn Fn(&Piece) -> bool| -> u64 {
            self.pieces.iter().filter(|piece| wanted(piece)).map(|piece| piece.tokens).sum()
        };
        tokens.total = tools + sum(&|_| true);
        tokens.answers = sum(&|piece| piece.trained);
        let outputs = [Branch::Preferred, Branch::NonPreferred].map(|branch| sum(&|piece| piece.branch == branch));
        tokens.length = tokens.total - outputs[0].min(outputs[1]);
        tokens.output = outputs[0].max(outputs[1]);
        if let Some(context) = self.context.filter(|&context| tokens.length > context) {
            let longer = if outputs[0] >= outputs[1] { Branch::Preferred } else { Branch::NonPreferred };
            tokens.cut = self.cut(example, tools, context, longer);
        }
        tokens
    }

    /// Finds where an example that is too long is cut off.
    fn cut(&mut self, example: &Example<'_>, tools: u64, context: u64, branch: Branch) -> Option<Cut> {
        let mut cut = None;
        let mut answers_left = false;
        let mut start = tools;
        for piece in self.pieces.iter().filter(|piece| piece.branch == Branch::Common || piece.branch == branch) {
            answers_left |= piece.trained && start + piece.header < context;
            if start + piece.tokens > context && cut.is_none() {
                cut = Some((*piece, context.saturating_sub(start + piece.header)));
            }
            start += piece.tokens;
        }
        let (piece, room) = cut?;
        let text = piece.text.and_then(|at| Some((at, example.doc.str(at)?)));
        let room = usize::try_from(room).unwrap_or(usize::MAX);
        let text = text.map(|(at, text)| (at, self.counter.prefix(text, room)));
        Some(Cut { context, at: piece.at, text, answers_left })
    }

    fn message(
        &mut self,
        example: &Example<'_>,
        message: &Message<'_>,
        pad: bool,
        trained: bool,
        branch: Branch,
        tokens: &mut ExampleTokens,
    ) {
        let mut size = PER_MESSAGE + self.optional(message.role);
        let last = if pad { message.texts().last() } else { None };
        for (at, text) in message.texts() {
            // The tool definitions are put behind the system message, on a new line.
            size += if last.is_some_and(|(last, _)| last == at) { self.line(text) } else { self.text(text) };
        }
        size += self.optional(message.refusal) + self.optional(message.name);
        if message.name.value().is_some() {
            size += PER_NAME;
        }
        for part in message.parts() {
            size += self.attachment(part, tokens);
        }
        if !message.tool_calls().is_empty() {
            tokens.estimate.add(Reason::ToolCalls);
        }
        for call in message.calls() {
            size += self.call(example, call, &mut tokens.estimate);
        }
        size += self.reasoning(example, message, &mut tokens.estimate);
        if message.is("function") {
            size -= FUNCTION_ROLE;
        }
        let text = match message.content {
            Field::Value(at, Content::Text(_)) => Some(at),
            _ => None,
        };
        self.pieces.push(Piece { at: message.at, text, tokens: size, header: HEADER, trained, branch });
    }

    /// What led to an answer, where that stands under a key of its own.
    fn reasoning(&mut self, example: &Example<'_>, message: &Message<'_>, estimate: &mut Estimate) -> u64 {
        if !message.is("assistant") {
            return 0;
        }
        let (mut size, known) = (0, self.keys);
        for key in REASONING.iter().filter(|key| known.is_none_or(|keys| keys.contains(key))) {
            let is_there = |unknown: &UnknownKey<'_>| unknown.owner_at == message.at && unknown.key == *key;
            if example.unknown_keys_of(message).iter().any(is_there)
                && let Some(text) = example.doc.get(message.at, key).and_then(|at| example.doc.str(at))
            {
                estimate.add(Reason::Reasoning);
                size += self.text(text);
            }
        }
        size
    }

    fn attachment(&self, part: &Part<'_>, tokens: &mut ExampleTokens) -> u64 {
        match (part.part_type.value(), part.image) {
            (Some("image_url"), Some(image)) => self.image(image.size(), part.image_detail.value(), tokens),
            (Some("input_audio" | "file"), _) => {
                tokens.estimate.add(Reason::Attachment);
                0
            }
            _ => 0,
        }
    }

    fn image(&self, size: Option<(u64, u64)>, detail: Option<&str>, tokens: &mut ExampleTokens) -> u64 {
        let image = Image::new(size, detail);
        tokens.images += image.likely;
        tokens.most_images += image.most;
        let Some(pricing) = self.images else {
            tokens.estimate.add(Reason::ImagePrice);
            return 0;
        };
        let [least, likely, most] = [image.least, image.likely, image.most].map(|images| pricing.tokens(images));
        if least != most {
            tokens.estimate.add(Reason::ImageSize);
            tokens.estimate.fewer += likely - least;
            tokens.estimate.more += most - likely;
        }
        likely
    }

    fn call(&mut self, example: &Example<'_>, call: &FunctionCall<'_>, estimate: &mut Estimate) -> u64 {
        let arguments = match call.arguments {
            Arguments::Text(_, text, _) => self.text(text),
            Arguments::Object(at) => {
                estimate.add(Reason::Arguments);
                let source = &example.doc.source()[example.doc.span(at)];
                std::str::from_utf8(source).map_or(0, |text| self.text(text))
            }
            Arguments::Absent | Arguments::Mistyped(_) => 0,
        };
        PER_CALL + self.optional(call.name) + arguments
    }

    fn text(&mut self, text: &str) -> u64 {
        self.repeats.count(text, &mut self.counter)
    }

    fn optional(&mut self, text: Field<&str>) -> u64 {
        text.value().map_or(0, |text| self.text(text))
    }

    /// A text with the end of a line behind it.
    fn line(&mut self, text: &str) -> u64 {
        self.padded.clear();
        self.padded.push_str(text);
        self.padded.push('\n');
        self.repeats.count(&self.padded, &mut self.counter)
    }

    fn is_trained(&self, example: &Example<'_>, message: &Message<'_>, estimate: &mut Estimate) -> bool {
        if !message.is("assistant") {
            return false;
        }
        let weight = || message.weight.at().and_then(|at| example.doc.number(at));
        let left_out = self.weights && weight() == Some(0.0);
        if left_out {
            estimate.add(Reason::Weight);
        }
        !left_out
    }
}

#[cfg(test)]
mod tests {
    use bumpalo::Bump;

    use super::*;
    use crate::example::{Expected, Memory};
    use crate::json::Parser;

    const PRICING: ImagePricing = ImagePricing::Tiles { base: 85, tile: 170 };

    fn count(line: &str, context: Option<u64>) -> ExampleTokens {
        let (mut parser, mut memory, arena) = (Parser::default(), Memory::default(), Bump::new());
        let doc = parser.parse(line.as_bytes()).unwrap();
        let example = Example::read(&doc, &arena, &mut memory, Expected::default()).unwrap();
        ExampleCounter::new(Encoding::O200kBase, Some(PRICING), context).count(&example)
    }

    fn reasons(tokens: ExampleTokens) -> Vec<Reason> {
        tokens.estimate.reasons().collect()
    }

    #[test]
    fn answers_are_what_is_trained() {
        let chat = r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"},
            {"role":"assistant","content":"Hello!","weight":0}]}"#;
        let tokens = count(chat, None);
        assert_eq!((tokens.total, tokens.length, tokens.answers), (17, 17, 6));
        assert_eq!(reasons(tokens), [Reason::Weight]);
        // Where weights are not known all answers are trained.
        let (mut parser, mut memory, arena) = (Parser::default(), Memory::default(), Bump::new());
        let doc = parser.parse(chat.as_bytes()).unwrap();
        let example = Example::read(&doc, &arena, &mut memory, Expected::default()).unwrap();
        let tokens = ExampleCounter::new(Encoding::O200kBase, None, None).with_weights(false).count(&example);
        assert_eq!((tokens.answers, reasons(tokens)), (12, vec![]));

        let completion = count(r#"{"prompt":"one two","completion":" three"}"#, None);
        assert_eq!((completion.total, completion.answers), (3, 1));
        assert!(completion.estimate.is_exact());

        let graded =
            r#"{"messages":[{"role":"assistant","content":"Hi"},{"role":"user","content":"Hi"}],"answer":"x"}"#;
        assert_eq!(count(graded, None).answers, 0);
    }

    #[test]
    fn both_outputs_are_billed_and_the_longer_one_is_read() {
        let line = r#"{"input":{"messages":[{"role":"user","content":"Hi"}]},
            "preferred_output":[{"role":"assistant","content":"Hello!"}],
            "non_preferred_output":[{"role":"assistant","content":"Hello! Hello!"}]}"#;
        let tokens = count(line, None);
        assert_eq!((tokens.total, tokens.length, tokens.answers), (5 + 6 + 8, 5 + 8, 6 + 8));
        assert_eq!(tokens.output, 8);
        // Each output is cut behind the input.
        let cut_off = |context| count(line, Some(context)).cut_off();
        assert_eq!([13, 12, 11, 10, 6, 5, 4].map(cut_off), [0, 1, 2, 4, 12, 14, 15]);
        assert_eq!(reasons(tokens), [Reason::Preference]);
    }

    #[test]
    fn the_cut_is_in_a_message_and_the_answer_may_be_lost() {
        let line = r#"{"messages":[{"role":"user","content":"one two three four"},{"role":"assistant","content":"one two three four"}]}"#;
        let kept = |context| {
            let tokens = count(line, Some(context));
            let cut = tokens.cut.map(|cut| {
                let (at, kept) = cut.text.unwrap();
                assert!(at > cut.at && cut.context == context);
                (kept, cut.answers_left)
            });
            (tokens.cut_off(), cut)
        };
        // 8 tokens each; the text begins behind 3.
        assert_eq!(kept(16), (0, None));
        assert_eq!(kept(15), (1, Some(("one two three four".len(), true))));
        assert_eq!(kept(13), (3, Some(("one two".len(), true))));
        assert_eq!(kept(11), (5, Some((0, false))));
        assert_eq!(kept(5), (11, Some(("one two".len(), false))));
        assert_eq!(kept(1), (15, Some((0, false))));
    }

    #[test]
    fn images_are_priced_and_attachments_are_not() {
        let line = |part: &str| format!(r#"{{"messages":[{{"role":"user","content":[{part}]}}]}}"#);
        let link = count(&line(r#"{"type":"image_url","image_url":{"url":"https://example.com/cat.png"}}"#), None);
        assert_eq!((link.total, link.estimate.fewer, link.estimate.more), (4 + 765, 680, 680));
        assert_eq!(reasons(link), [Reason::ImageSize]);
        let audio = count(&line(r#"{"type":"input_audio","input_audio":{"data":"","format":"wav"}}"#), None);
        assert_eq!((audio.total, reasons(audio)), (4, vec![Reason::Attachment]));
    }

    #[test]
    fn reasoning_is_counted_where_it_is_taken() {
        let line = r#"{"messages":[{"role":"assistant","content":"Hi","reasoning_content":"one two three"}]}"#;
        let (mut parser, mut memory, arena) = (Parser::default(), Memory::default(), Bump::new());
        let doc = parser.parse(line.as_bytes()).unwrap();
        let example = Example::read(&doc, &arena, &mut memory, Expected::default()).unwrap();
        let mut counter = ExampleCounter::new(Encoding::O200kBase, None, None);
        let tokens = counter.count(&example);
        assert_eq!((tokens.total, tokens.answers, reasons(tokens)), (5, 5, vec![]));
        let tokens = counter.with_keys(Some(&["role", "content", "reasoning_content"])).count(&example);
        assert_eq!((tokens.total, tokens.answers, reasons(tokens)), (8, 8, vec![Reason::Reasoning]));
    }

    #[test]
    fn ids_are_free_and_calls_are_not() {
        let line = r#"{"messages":[{"role":"assistant","tool_calls":[{"id":"call_1234567890","type":"function",
            "function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1234567890","content":"1"}]}"#;
        let tokens = count(line, None);
        assert_eq!((tokens.total, tokens.answers), (3 + 1 + 3 + 1 + 1 + 3 + 1 + 1, 9));
        assert_eq!(reasons(tokens), [Reason::ToolCalls]);
    }
}
