import { includedLanguage, type IncludedLanguage } from './included-language.js';

/*
 * Names of the 64 emoji with which two users verify their connection, in the order of src/core/media/verification/emoji.ts.
 * In each language, the names differ from each other also when they are read aloud.
 */
const NAMES: Readonly<Record<IncludedLanguage, string>> = {
  en: `Cat, Lion, Horse, Elephant, Rabbit, Panda, Rooster, Penguin, Turtle, Fish, Octopus, Butterfly, Bee, Snail, Camel, Crab,
    Tree, Cactus, Tulip, Mushroom, Moon, Star, Lightning, Fire, Snowman, Globe, Apple, Banana, Strawberry, Lemon, Grapes,
    Pineapple, Corn, Bread, Pizza, Cake, Ice cream, Cheese, Carrot, Egg, Hat, Glasses, Shoe, Umbrella, Key, House, Hammer,
    Paper clip, Book, Clock, Light bulb, Gift, Balloon, Bell, Guitar, Trumpet, Drum, Ball, Trophy, Bicycle, Car, Train,
    Rocket, Boat`,
  de: `Katze, Löwe, Pferd, Elefant, Hase, Panda, Hahn, Pinguin, Schildkröte, Fisch, Krake, Schmetterling, Biene, Schnecke,
    Kamel, Krabbe, Baum, Kaktus, Tulpe, Pilz, Mond, Stern, Blitz, Feuer, Schneemann, Weltkugel, Apfel, Banane, Erdbeere,
    Zitrone, Trauben, Ananas, Mais, Brot, Pizza, Torte, Eistüte, Käse, Karotte, Ei, Hut, Brille, Schuh, Regenschirm,
    Schlüssel, Haus, Hammer, Büroklammer, Buch, Wecker, Glühbirne, Geschenk, Luftballon, Glocke, Gitarre, Trompete,
    Trommel, Fußball, Pokal, Fahrrad, Auto, Zug, Rakete, Segelboot`,
  fr: `Chat, Lion, Cheval, Éléphant, Lapin, Panda, Coq, Pingouin, Tortue, Poisson, Pieuvre, Papillon, Abeille, Escargot,
    Chameau, Crabe, Arbre, Cactus, Tulipe, Champignon, Lune, Étoile, Éclair, Feu, Bonhomme de neige, Globe, Pomme, Banane,
    Fraise, Citron, Raisin, Ananas, Maïs, Pain, Pizza, Gâteau, Glace, Fromage, Carotte, Œuf, Chapeau, Lunettes, Chaussure,
    Parapluie, Clé, Maison, Marteau, Trombone, Livre, Réveil, Ampoule, Cadeau, Ballon gonflable, Cloche, Guitare, Trompette,
    Tambour, Ballon de foot, Trophée, Vélo, Voiture, Train, Fusée, Voilier`,
  es: `Gato, León, Caballo, Elefante, Conejo, Panda, Gallo, Pingüino, Tortuga, Pez, Pulpo, Mariposa, Abeja, Caracol, Camello,
    Cangrejo, Árbol, Cactus, Tulipán, Champiñón, Luna, Estrella, Rayo, Fuego, Muñeco de nieve, Planeta, Manzana, Plátano,
    Fresa, Limón, Uvas, Piña, Maíz, Pan, Pizza, Tarta, Helado, Queso, Zanahoria, Huevo, Sombrero, Gafas, Zapatilla,
    Paraguas, Llave, Casa, Martillo, Clip, Libro, Despertador, Bombilla, Regalo, Globo, Campana, Guitarra, Trompeta, Tambor,
    Balón, Trofeo, Bicicleta, Automóvil, Tren, Cohete, Velero`,
  ar: `قطة, أسد, حصان, فيل, أرنب, باندا, ديك, بطريق, سلحفاة, سمكة, أخطبوط, فراشة, نحلة, حلزون, جمل, سلطعون,
    شجرة, صبار, زهرة, فطر, قمر, نجمة, برق, نار, رجل ثلج, كرة أرضية, تفاحة, موزة, فراولة, ليمونة, عنب,
    أناناس, ذرة, خبز, بيتزا, كعكة, مثلجات, جبن, جزرة, بيضة, قبعة, نظارة, حذاء, مظلة, مفتاح, منزل, مطرقة,
    مشبك ورق, كتاب, منبه, مصباح, هدية, بالون, جرس, غيتار, بوق, طبلة, كرة قدم, كأس, دراجة, سيارة, قطار,
    صاروخ, قارب`,
  ja: `ネコ, ライオン, ウマ, ゾウ, ウサギ, パンダ, ニワトリ, ペンギン, カメ, サカナ, タコ, チョウ, ハチ, カタツムリ, ラクダ, カニ,
    木, サボテン, チューリップ, キノコ, 月, 星, 稲妻, 火, 雪だるま, 地球, リンゴ, バナナ, イチゴ, レモン, ブドウ,
    パイナップル, トウモロコシ, パン, ピザ, ケーキ, アイスクリーム, チーズ, ニンジン, たまご, 帽子, メガネ, くつ, 傘, 鍵, 家, ハンマー,
    クリップ, 本, 時計, 電球, プレゼント, 風船, ベル, ギター, トランペット, 太鼓, ボール, トロフィー, 自転車, 車, 列車,
    ロケット, ヨット`,
  pt: `Gato, Leão, Cavalo, Elefante, Coelho, Panda, Galo, Pinguim, Tartaruga, Peixe, Polvo, Borboleta, Abelha, Caracol,
    Camelo, Caranguejo, Árvore, Cacto, Tulipa, Cogumelo, Lua, Estrela, Raio, Fogo, Boneco de neve, Globo, Maçã,
    Banana, Morango, Limão, Uvas, Abacaxi, Milho, Pão, Pizza, Bolo, Sorvete, Queijo, Cenoura, Ovo, Chapéu, Óculos,
    Sapato, Guarda-chuva, Chave, Casa, Martelo, Clipe, Livro, Relógio, Lâmpada, Presente, Balão, Sino, Violão,
    Trompete, Tambor, Bola, Troféu, Bicicleta, Carro, Trem, Foguete, Barco`,
  it: `Gatto, Leone, Cavallo, Elefante, Coniglio, Panda, Gallo, Pinguino, Tartaruga, Pesce, Polpo, Farfalla, Ape,
    Lumaca, Cammello, Granchio, Albero, Cactus, Tulipano, Fungo, Luna, Stella, Fulmine, Fuoco, Pupazzo di neve,
    Globo, Mela, Banana, Fragola, Limone, Uva, Ananas, Mais, Pane, Pizza, Torta, Gelato, Formaggio, Carota, Uovo,
    Cappello, Occhiali, Scarpa, Ombrello, Chiave, Casa, Martello, Graffetta, Libro, Sveglia, Lampadina, Regalo,
    Palloncino, Campana, Chitarra, Tromba, Tamburo, Pallone, Trofeo, Bicicletta, Automobile, Treno, Razzo, Barca`,
  nl: `Kat, Leeuw, Paard, Olifant, Konijn, Panda, Haan, Pinguïn, Schildpad, Vis, Inktvis, Vlinder, Bij, Slak, Kameel,
    Krab, Boom, Cactus, Tulp, Paddenstoel, Maan, Ster, Bliksem, Vuur, Sneeuwpop, Wereldbol, Appel, Banaan, Aardbei,
    Citroen, Druiven, Ananas, Maïs, Brood, Pizza, Taart, IJsje, Kaas, Wortel, Ei, Hoed, Bril, Schoen, Paraplu,
    Sleutel, Huis, Hamer, Paperclip, Boek, Wekker, Gloeilamp, Cadeau, Ballon, Bel, Gitaar, Trompet, Trommel,
    Voetbal, Beker, Fiets, Auto, Trein, Raket, Zeilboot`,
  pl: `Kot, Lew, Koń, Słoń, Królik, Panda, Kogut, Pingwin, Żółw, Ryba, Ośmiornica, Motyl, Pszczoła, Ślimak, Wielbłąd,
    Krab, Drzewo, Kaktus, Tulipan, Grzyb, Księżyc, Gwiazda, Błyskawica, Ogień, Bałwan, Globus, Jabłko, Banan,
    Truskawka, Cytryna, Winogrona, Ananas, Kukurydza, Chleb, Pizza, Tort, Lody, Ser, Marchewka, Jajko, Kapelusz,
    Okulary, But, Parasol, Klucz, Dom, Młotek, Spinacz, Książka, Budzik, Żarówka, Prezent, Balon, Dzwonek, Gitara,
    Trąbka, Bęben, Piłka, Puchar, Rower, Samochód, Pociąg, Rakieta, Żaglówka`,
  tr: `Kedi, Aslan, Beygir, Fil, Tavşan, Panda, Horoz, Penguen, Kaplumbağa, Balık, Ahtapot, Kelebek, Arı, Salyangoz,
    Deve, Yengeç, Ağaç, Kaktüs, Lale, Mantar, Ay, Yıldız, Şimşek, Ateş, Kardan adam, Dünya, Elma, Muz, Çilek, Limon,
    Üzüm, Ananas, Mısır, Ekmek, Pizza, Pasta, Dondurma, Peynir, Havuç, Yumurta, Şapka, Gözlük, Ayakkabı, Şemsiye,
    Anahtar, Ev, Çekiç, Ataş, Kitap, Çalar saat, Ampul, Hediye, Balon, Zil, Gitar, Trompet, Davul, Futbol topu,
    Kupa, Bisiklet, Araba, Tren, Roket, Yelkenli`,
  uk: `Кіт, Лев, Кінь, Слон, Кролик, Панда, Півень, Пінгвін, Черепаха, Риба, Восьминіг, Метелик, Бджола, Равлик,
    Верблюд, Краб, Дерево, Кактус, Тюльпан, Гриб, Місяць, Зірка, Блискавка, Вогонь, Сніговик, Глобус, Яблуко, Банан,
    Полуниця, Лимон, Виноград, Ананас, Кукурудза, Хліб, Піца, Торт, Морозиво, Сир, Морква, Яйце, Капелюх, Окуляри,
    Черевик, Парасоля, Ключ, Будинок, Молоток, Скріпка, Книга, Будильник, Лампочка, Подарунок, Повітряна кулька,
    Дзвін, Гітара, Труба, Барабан, Футбольний м’яч, Кубок, Велосипед, Автомобіль, Потяг, Ракета, Вітрильник`,
  hi: `बिल्ली, शेर, घोड़ा, हाथी, खरगोश, पांडा, मुर्गा, पेंगुइन, कछुआ, मछली, ऑक्टोपस, तितली, मधुमक्खी, घोंघा, ऊँट,
    केकड़ा, पेड़, कैक्टस, ट्यूलिप, मशरूम, चाँद, तारा, बिजली, आग, स्नोमैन, पृथ्वी, सेब, केला, स्ट्रॉबेरी, नींबू,
    अंगूर, अनानास, मक्का, ब्रेड, पिज़्ज़ा, केक, आइसक्रीम, चीज़, गाजर, अंडा, टोपी, चश्मा, जूता, छाता, चाबी, घर,
    हथौड़ा, पेपर क्लिप, किताब, घड़ी, बल्ब, तोहफ़ा, गुब्बारा, घंटी, गिटार, तुरही, ढोल, गेंद, ट्रॉफ़ी, साइकिल, कार,
    रेलगाड़ी, रॉकेट, नाव`,
  zh: `猫, 狮子, 马, 大象, 兔子, 熊猫, 公鸡, 企鹅, 乌龟, 鱼, 章鱼, 蝴蝶, 蜜蜂, 蜗牛, 骆驼, 螃蟹, 树, 仙人掌, 郁金香, 蘑菇, 月亮, 星星, 闪电, 火, 雪人, 地球, 苹果, 香蕉, 草莓,
    柠檬, 葡萄, 菠萝, 玉米, 面包, 披萨, 蛋糕, 冰淇淋, 奶酪, 胡萝卜, 鸡蛋, 帽子, 眼镜, 鞋, 雨伞, 钥匙, 房子, 锤子, 回形针, 书, 闹钟, 灯泡, 礼物, 气球, 铃铛, 吉他, 小号, 鼓,
    足球, 奖杯, 自行车, 汽车, 火车, 火箭, 帆船`,
  ko: `고양이, 사자, 말, 코끼리, 토끼, 판다, 수탉, 펭귄, 거북이, 물고기, 문어, 나비, 꿀벌, 달팽이, 낙타, 게, 나무, 선인장, 튤립, 버섯, 달, 별, 번개, 불, 눈사람, 지구, 사과,
    바나나, 딸기, 레몬, 포도, 파인애플, 옥수수, 빵, 피자, 케이크, 아이스크림, 치즈, 당근, 달걀, 모자, 안경, 신발, 우산, 열쇠, 집, 망치, 클립, 책, 알람 시계, 전구, 선물, 풍선,
    종, 기타, 트럼펫, 북, 축구공, 트로피, 자전거, 자동차, 기차, 로켓, 돛단배`,
};

const lists = new Map<string, readonly string[]>();

function namesIn(language: string): readonly string[] {
  let names = lists.get(language);
  if (!names) {
    names = NAMES[includedLanguage(language) ?? 'en'].trim().split(/,\s+/);
    lists.set(language, names);
  }
  return names;
}

/** @returns the name of an emoji in the language of the texts: that of the page, that of ringkit, else in English */
export function emojiName(
  number: number,
  { lang, emojiNames }: { readonly lang: string; readonly emojiNames: readonly string[] },
): string {
  return emojiNames[number] ?? namesIn(lang)[number] ?? '';
}
