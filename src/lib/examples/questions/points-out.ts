/**
 * Words at the start of a sentence that point at what stands before it, by language. In a language that has none here no sentence is
 * refused for it.
 */
const POINTERS: Readonly<Record<string, string>> = {
  en: "this|that|these|those|it|its|they|he|she|his|her|their|such|however|but|and|or|also|so|then|thus|hence|here|there|in (?:this|that|these|such)|for (?:this|example|instance)|as (?:you|we|shown|mentioned|a result)|if you|additionally|furthermore|moreover|similarly|likewise|instead|otherwise|therefore|in addition|alternatively|again|finally|next|now|once|note|see|let['’]s|we['’]ll|unfortunately|remember|recall|when you|after (?:you|this|that)|both|another|other|most of (?:these|them)|we['’]re|we['’]ve",
  de: 'diese[srmn]?|das|es|sie|er|ihm|ihr|hier|dort|damit|dabei|dazu|daher|deshalb|außerdem|jedoch|aber|und|oder|dann|so|auch|allerdings|zudem|ebenso|danach|dadurch|seine?|ihre|beide|unter diesen',
  fr: "ce|cet|cette|ces|cela|ceci|il|elle|ils|elles|ici|mais|et|ou|donc|cependant|ainsi|c['’]est|puis|ensuite|enfin|leur|leurs|son|sa|ses|en outre|de plus",
  es: 'esto|este|esta|estos|estas|eso|ese|esa|ello|él|ella|ellos|ellas|aquí|pero|y|o|además|así|sin embargo|también|luego|su|sus|por (?:eso|tanto)|posteriormente',
  it: 'questo|questa|questi|queste|esso|essa|essi|egli|ella|qui|ma|e|o|inoltre|così|però|anche|poi|quindi|tuttavia|suo|sua|loro',
  pt: 'isto|este|esta|estes|estas|isso|esse|essa|ele|ela|eles|elas|aqui|mas|e|ou|além disso|assim|porém|também|seu|sua|depois',
  nl: 'dit|deze|die|dat|het is|hij|zij|ze|hier|maar|en|of|ook|dus|dan|daarom|echter|bovendien|zijn|hun|haar',
  ro: 'acest|această|aceasta|acesta|acestea|aceștia|acești|aceste|el|ea|ei|ele|aici|dar|și|sau|astfel|de asemenea|însă|apoi|totuși|prin urmare|întrucât',
  tr: 'bu|bunlar|bunun|şu|o|onlar|onun|burada|ama|ve|ayrıca|ancak|böylece|daha sonra|sonra|örneğin|hatta|fakat',
  vi: 'này|đó|nó|họ|ông ấy|bà ấy|ở đây|nhưng|và|tuy nhiên|do đó|sau đó|ngoài ra|điều này|đây|ông|bà',
  sv: 'detta|denna|dessa|den här|det här|han|hon|de|här|men|och|också|därför|dock|sedan',
  da: 'dette|denne|disse|han|hun|de|her|men|og|også|derfor|dog|derefter',
  no: 'dette|denne|disse|han|hun|de|her|men|og|også|derfor|men|deretter',
  fi: 'tämä|nämä|se|ne|hän|he|täällä|mutta|ja|myös|siksi|kuitenkin|sitten',
  hu: 'ez|ezek|az(?= [a-z])|azok|itt|de|és|is|ezért|azonban|majd|ő|ők',
  id: 'ini|itu|dia|mereka|di sini|tetapi|dan|juga|namun|oleh karena itu|kemudian|selain itu',
  pl: 'to|ten|ta|te|on|ona|oni|tutaj|ale|i|oraz|także|jednak|dlatego|następnie|jego|jej|ich',
  cs: 'to|ten|ta|tyto|tento|on|ona|oni|zde|ale|a|také|však|proto|poté|jeho|jejich',
  ru: 'это|этот|эта|эти|этого|он|она|оно|они|его|её|их|здесь|но|и|а|или|также|поэтому|однако|затем|кроме того|таким образом|тогда|здесь',
  uk: 'це|цей|ця|ці|він|вона|воно|вони|його|її|їх|тут|але|і|й|або|та|також|тому|однак|потім|крім того|отже',
  bg: 'това|този|тази|тези|той|тя|то|те|тук|но|и|също|затова|обаче|след това',
  el: 'αυτό|αυτός|αυτή|αυτοί|αυτές|αυτά|εδώ|αλλά|και|επίσης|όμως|ωστόσο|έπειτα|στη συνέχεια|έτσι',
  ar: 'هذا|هذه|ذلك|تلك|هؤلاء|هو|هي|هم|هنا|لكن|كما|ومع|ثم|وقد|ولكن|وهو|وهي|لذلك|بعد ذلك',
  fa: 'این|آن|او|آنها|اینجا|اما|و|همچنین|سپس|بنابراین',
  hi: 'यह|ये|वह|वे|इस|इन|इसके|इसकी|इसका|उस|उन|उनके|उसके|यहाँ|लेकिन|और|परंतु|फिर|इसलिए|जबकि|तब',
}
const UNSPACED: Readonly<Record<string, RegExp>> = {
  zh: /^(?:这|那|它|他|她|此|该|其|但|而|并|因此|所以|然而|同时|随后|然后|之后|另外|此外|例如|例子|由于)/u,
  ja: /^(?:それ|これ|あれ|その|この|あの|また|しかし|そして|だから|そこ|ここ|さらに|次に)/u,
  th: /^(?:นี่|นั้น|มัน|เขา|เธอ|พวกเขา|ซึ่ง|แต่|และ|หรือ|นอกจากนี้|ดังนั้น|จากนั้น|ที่|โดย|จึง|เพราะ)/u,
  ko: /^(?:이는|이것|그는|그것|그녀|또한|그러나|하지만|그리고|따라서|저것|여기)/u,
}

const patterns = new Map<string, RegExp>()

function patternOf(language: string): RegExp | undefined {
  const words = POINTERS[language]
  if (words === undefined) return UNSPACED[language]
  const made = patterns.get(language) ?? new RegExp(`^(?:${words})(?=[\\s,:;'’،.]|$)`, 'iu')
  patterns.set(language, made)
  return made
}

/** Whether a sentence needs what stands before it to be understood. */
export function pointsOut(sentence: string, language: string): boolean {
  return patternOf(language)?.test(sentence.trimStart()) ?? false
}
