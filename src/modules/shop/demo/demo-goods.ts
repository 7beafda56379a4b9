/** What the demonstration's trading house sells, in both languages: departments, and the goods of each in a table. */

export interface DemoDepartment {
  readonly id: string;
  readonly name: string;
  readonly instrument: string;
  readonly taxBasisPoints: number;
  /** Begins the article numbers. */
  readonly prefix: string;
  readonly keywords: string;
  /** A variant each; its price is the good's times `factor`. */
  readonly sizes: readonly { readonly en: string; readonly de: string; readonly factor: number }[];
  /** End every description. */
  readonly says: string;
  readonly saysGerman: string;
  /** A line each: `name | German name | price | sentence | German sentence`. */
  readonly goods: string;
}

export const demoDepartments: readonly DemoDepartment[] = [
  {
    id: 'tea',
    name: 'Tea',
    instrument: 'SHOP.TEA',
    taxBasisPoints: 700,
    prefix: 'TEA',
    keywords: 'tee leaves brew cup',
    sizes: [
      { en: '100 g', de: '100 g', factor: 1 },
      { en: '250 g', de: '250 g', factor: 2.3 },
      { en: '500 g', de: '500 g', factor: 4.2 },
    ],
    says: 'Weighed by hand in the Speicherstadt and packed against light and damp.',
    saysGerman: 'In der Speicherstadt von Hand gewogen und gegen Licht und Feuchte verpackt.',
    goods: `
East Frisian Blend | Ostfriesenmischung | 6 | Strong Assam with a little Sumatra, made for cream and rock sugar. | Kräftiger Assam mit etwas Sumatra, für Sahne und Kluntje gemacht.
Darjeeling First Flush | Darjeeling First Flush | 14 | The spring picking from Margaret’s Hope: light, flowery, a little green. | Die Frühlingspflückung aus Margaret’s Hope: leicht, blumig, ein wenig grün.
Darjeeling Second Flush | Darjeeling Second Flush | 12 | The summer picking, with the muscatel note that made the hills famous. | Die Sommerpflückung mit der Muskatellernote, die diese Berge berühmt gemacht hat.
Assam Mangalam | Assam Mangalam | 9 | Malty and dark, golden tips, carries milk without bending. | Malzig und dunkel, mit goldenen Spitzen; trägt Milch, ohne nachzugeben.
Ceylon Dimbula | Ceylon Dimbula | 8 | Bright as a brass bell; from 1,500 metres. | Hell wie eine Messingglocke; aus 1.500 Metern Höhe.
Earl Grey Bergamot | Earl Grey Bergamotte | 8 | Chinese black tea with real oil of bergamot. | Chinesischer Schwarztee mit echtem Öl der Bergamotte.
Lapsang Souchong | Lapsang Souchong | 11 | Dried over pine smoke: the captain’s cup. | Über Kiefernrauch getrocknet: die Tasse des Kapitäns.
Keemun Congou | Keemun Congou | 10 | A soft Chinese black with a hint of cocoa. | Ein sanfter chinesischer Schwarztee mit einem Hauch Kakao.
Sencha Uji | Sencha Uji | 13 | Steamed green tea from Uji, fresh as cut grass. | Gedämpfter Grüntee aus Uji, frisch wie geschnittenes Gras.
Gyokuro Asahi | Gyokuro Asahi | 26 | Shaded for three weeks before it is picked. | Drei Wochen beschattet, bevor er gepflückt wird.
Genmaicha | Genmaicha | 9 | Green tea with roasted rice, warm and nutty. | Grüntee mit geröstetem Reis, warm und nussig.
Gunpowder Temple | Gunpowder Temple | 7 | Rolled into pellets that open like buds. | Zu Kugeln gerollt, die wie Knospen aufgehen.
Jasmine Pearls | Jasminperlen | 18 | Scented seven nights with fresh blossoms. | Sieben Nächte lang mit frischen Blüten beduftet.
Oolong Tie Guan Yin | Oolong Tie Guan Yin | 16 | Half way between green and black; orchids. | Auf halbem Weg zwischen Grün und Schwarz; Orchideen.
Pu-Erh 2016 | Pu-Erh 2016 | 19 | Pressed and aged; earth, leather, plum. | Gepresst und gereift; Erde, Leder, Pflaume.
White Peony | Weiße Pfingstrose | 15 | Buds and first leaves, only withered. | Knospen und erste Blätter, nur gewelkt.
Rooibos Cederberg | Rooibos Cederberg | 6 | From the Cape, without caffeine. | Vom Kap, ohne Koffein.
Peppermint Holstein | Pfefferminze Holstein | 5 | Whole leaves from the marshes behind the dyke. | Ganze Blätter aus den Marschen hinter dem Deich.
Harbour Fog Chai | Hafennebel-Chai | 8 | Black tea with cardamom, ginger, cloves and pepper. | Schwarztee mit Kardamom, Ingwer, Nelken und Pfeffer.
Friesian Sunday | Friesensonntag | 9 | Broken Orange Pekoe for guests. | Broken Orange Pekoe, wenn Gäste kommen.
`,
  },
  {
    id: 'coffee',
    name: 'Coffee',
    instrument: 'SHOP.COFFEE',
    taxBasisPoints: 700,
    prefix: 'COF',
    keywords: 'kaffee beans roast espresso',
    sizes: [
      { en: '250 g, whole beans', de: '250 g, ganze Bohnen', factor: 1 },
      { en: '1 kg, whole beans', de: '1 kg, ganze Bohnen', factor: 3.7 },
      { en: '250 g, ground', de: '250 g, gemahlen', factor: 1 },
    ],
    says: 'Roasted slowly in a drum, twice a week.',
    saysGerman: 'Zweimal die Woche langsam in der Trommel geröstet.',
    goods: `
Ethiopia Yirgacheffe | Äthiopien Yirgacheffe | 12 | Jasmine and lemon, washed. | Jasmin und Zitrone, gewaschen.
Ethiopia Sidamo Natural | Äthiopien Sidamo Natural | 13 | Dried in the fruit: blueberries. | In der Frucht getrocknet: Blaubeeren.
Kenya Nyeri AA | Kenia Nyeri AA | 15 | Blackcurrant, and a clear acidity. | Schwarze Johannisbeere und eine klare Säure.
Rwanda Lake Kivu | Ruanda Kivusee | 13 | Red apple and caramel. | Roter Apfel und Karamell.
Colombia Huila | Kolumbien Huila | 11 | Round, with milk chocolate. | Rund, mit Milchschokolade.
Guatemala Antigua | Guatemala Antigua | 12 | Grown under shade on volcanic soil. | Im Schatten auf vulkanischem Boden gewachsen.
Costa Rica Tarrazú | Costa Rica Tarrazú | 13 | Honey processed; sweet as its name. | Honigartig aufbereitet, und süß wie das Wort.
Honduras Marcala | Honduras Marcala | 10 | Mild, for the whole afternoon. | Mild, für den ganzen Nachmittag.
Brazil Cerrado | Brasilien Cerrado | 9 | Nuts and cocoa, low acidity. | Nüsse und Kakao, wenig Säure.
Peru Chanchamayo | Peru Chanchamayo | 10 | Organic, soft and even. | Aus ökologischem Anbau, weich und ausgewogen.
Sumatra Mandheling | Sumatra Mandheling | 12 | Wet-hulled: cedar and spice. | Nass geschält: Zedernholz und Gewürz.
Java Estate | Java Estate | 12 | The island that gave the cup its name. | Die Insel, die der Tasse ihren Namen gab.
India Monsooned Malabar | Indien Monsooned Malabar | 11 | Swollen by the monsoon’s damp air. | Von der feuchten Luft des Monsuns gequollen.
Yemen Mocha Mattari | Jemen Mokka Mattari | 28 | The oldest trade of all, in small lots. | Der älteste Handel von allen, in kleinen Partien.
Sandtor Espresso | Sandtor-Espresso | 11 | Dark, with a little robusta for the crema. | Dunkel, mit etwas Robusta für die Crema.
Night Watch Espresso | Nachtwache-Espresso | 12 | All arabica, tobacco and dark chocolate. | Nur Arabica; Tabak und dunkle Schokolade.
Dockers’ Blend | Schauermanns-Mischung | 8 | For filter machines that run all day. | Für Filtermaschinen, die den ganzen Tag laufen.
Decaf Water Process | Entkoffeiniert mit Wasser | 11 | Without caffeine, without solvents. | Ohne Koffein, ohne Lösungsmittel.
Captain’s Breakfast | Kapitänsfrühstück | 10 | Medium roast with backbone. | Mittlere Röstung mit Rückgrat.
Quay Four Filter | Kai-Vier-Filter | 11 | A light roast for pouring by hand. | Eine helle Röstung zum Aufgießen von Hand.
`,
  },
  {
    id: 'spices',
    name: 'Spices',
    instrument: 'SHOP.SPICE',
    taxBasisPoints: 700,
    prefix: 'SPI',
    keywords: 'gewürze pepper seasoning kitchen',
    sizes: [
      { en: '50 g', de: '50 g', factor: 1 },
      { en: '200 g', de: '200 g', factor: 3.4 },
    ],
    says: 'Ground only when it is packed; whole where whole keeps better.',
    saysGerman: 'Erst beim Verpacken gemahlen; ganz, was ganz besser hält.',
    goods: `
Tellicherry Pepper | Tellicherry-Pfeffer | 7 | The large black berries of the Malabar coast. | Die großen schwarzen Beeren der Malabarküste.
White Pepper Muntok | Weißer Pfeffer Muntok | 8 | Soaked and peeled; warm rather than hot. | Eingeweicht und geschält; eher warm als scharf.
Long Pepper | Langer Pfeffer | 11 | What pepper was before pepper. | Was Pfeffer vor dem Pfeffer war.
Cubeb | Kubebenpfeffer | 12 | With a tail, and a note of allspice. | Mit Stiel und einer Note von Piment.
Grains of Paradise | Paradieskörner | 10 | West African, citrus and heat. | Aus Westafrika, Zitrus und Schärfe.
Ceylon Cinnamon | Ceylon-Zimt | 8 | Rolled bark, fine as paper. | Gerollte Rinde, fein wie Papier.
Cassia Bark | Kassiarinde | 5 | The robust cousin, for stews. | Die kräftige Base, für Geschmortes.
Green Cardamom | Grüner Kardamom | 14 | Pods from Guatemala’s high forests. | Kapseln aus Guatemalas hohen Wäldern.
Black Cardamom | Schwarzer Kardamom | 9 | Smoked over open fire. | Über offenem Feuer geräuchert.
Cloves Zanzibar | Nelken Sansibar | 8 | Whole buds, still oily. | Ganze Knospen, noch voller Öl.
Nutmeg Banda | Muskatnuss Banda | 7 | Whole nuts from the islands that wars were fought over. | Ganze Nüsse von den Inseln, um die Kriege geführt wurden.
Mace Blades | Muskatblüte | 13 | The red lace around the nut. | Das rote Netz um die Nuss.
Saffron Threads | Safranfäden | 95 | Hand picked in Khorasan; a few threads are enough. | In Chorasan von Hand gepflückt; ein paar Fäden genügen.
Turmeric Alleppey | Kurkuma Alleppey | 5 | Ground root with a deep colour. | Gemahlene Wurzel von tiefer Farbe.
Ginger Root, dried | Ingwerwurzel, getrocknet | 5 | For gingerbread and curries. | Für Lebkuchen und Currys.
Star Anise | Sternanis | 7 | Whole stars, sweet and liquorice. | Ganze Sterne, süß und nach Lakritz.
Bourbon Vanilla | Bourbon-Vanille | 38 | Supple pods from Madagascar. | Geschmeidige Schoten aus Madagaskar.
Caraway Holland | Kümmel Holland | 4 | For rye bread and cabbage. | Für Roggenbrot und Kohl.
Juniper Lüneburg | Wacholder Lüneburg | 5 | Berries from the heath. | Beeren aus der Heide.
Labskaus Spice | Labskausgewürz | 6 | Pimento, bay and pepper, as the ship’s cook mixed it. | Piment, Lorbeer und Pfeffer, wie der Schiffskoch es mischte.
`,
  },
  {
    id: 'wine',
    name: 'Wine and spirits',
    instrument: 'SHOP.WINE',
    taxBasisPoints: 1_900,
    prefix: 'WIN',
    keywords: 'wein bottle cellar drink',
    sizes: [
      { en: 'Bottle 0.75 l', de: 'Flasche 0,75 l', factor: 1 },
      { en: 'Case of six', de: 'Kiste mit sechs', factor: 5.6 },
    ],
    says: 'Stored cool and dark in the vaulted cellar; for adults only.',
    saysGerman: 'Kühl und dunkel im Gewölbekeller gelagert; nur für Erwachsene.',
    goods: `
Lübeck Rotspon | Lübecker Rotspon | 14 | Bordeaux that ripened in Lübeck’s cellars, as it has since the Hanse. | Bordeaux, der in Lübecks Kellern reifte, wie seit der Hanse.
Médoc Cru Bourgeois | Médoc Cru Bourgeois | 19 | Cassis and cedar, ready now. | Cassis und Zeder, jetzt trinkreif.
Saint-Émilion | Saint-Émilion | 24 | Soft, with plum and a little smoke. | Weich, mit Pflaume und ein wenig Rauch.
Bourgogne Pinot Noir | Bourgogne Pinot Noir | 22 | Cherries, and forest after rain. | Kirschen, und der Wald nach dem Regen.
Chablis | Chablis | 21 | Stone, apple and sea shells. | Stein, Apfel und Muschelschalen.
Riesling Mosel Kabinett | Riesling Mosel Kabinett | 13 | Slate and peach; light as a sail. | Schiefer und Pfirsich; leicht wie ein Segel.
Riesling Rheingau dry | Riesling Rheingau trocken | 15 | With backbone and lime. | Mit Rückgrat und Limette.
Grauburgunder Pfalz | Grauburgunder Pfalz | 11 | For fish from the pan. | Zu Fisch aus der Pfanne.
Spätburgunder Ahr | Spätburgunder Ahr | 23 | From steep slopes. | Aus steilen Lagen.
Rioja Reserva | Rioja Reserva | 17 | Three years, one of them in oak. | Drei Jahre, davon eines im Holz.
Douro Tinto | Douro Tinto | 14 | Dark fruit from the schist terraces. | Dunkle Frucht von den Schieferterrassen.
Vinho Verde | Vinho Verde | 9 | A little sparkle for the jetty. | Ein wenig Perlen für den Steg.
Port Tawny 10 | Port Tawny 10 | 26 | Nuts and dried figs. | Nüsse und getrocknete Feigen.
Madeira Verdelho | Madeira Verdelho | 32 | Survived the tropics; nothing can hurt it now. | Hat die Tropen überstanden; ihm kann nichts mehr geschehen.
Sherry Fino | Sherry Fino | 15 | Bone dry, with almonds. | Knochentrocken, mit Mandeln.
Crémant de Loire | Crémant de Loire | 16 | From the bottle’s own ferment. | In der Flasche vergoren.
Aquavit Linie | Aquavit Linie | 27 | Crossed the equator twice in the cask. | Zweimal im Fass über den Äquator gefahren.
Jamaica Rum 8 | Jamaika-Rum 8 | 38 | Pot still, with funk. | Aus der Brennblase, mit Charakter.
Demerara Rum 12 | Demerara-Rum 12 | 46 | Brown sugar and oak. | Brauner Zucker und Eiche.
Heath Gin | Heide-Gin | 34 | Juniper and heather honey. | Wacholder und Heidehonig.
`,
  },
  {
    id: 'cloth',
    name: 'Cloth and wool',
    instrument: 'SHOP.CLOTH',
    taxBasisPoints: 1_900,
    prefix: 'CLO',
    keywords: 'stoff fabric textile sewing',
    sizes: [
      { en: '1 m', de: '1 m', factor: 1 },
      { en: '5 m', de: '5 m', factor: 4.7 },
      { en: 'Bolt of 25 m', de: 'Ballen von 25 m', factor: 21 },
    ],
    says: 'Measured by the honest ell, which is a metre here.',
    saysGerman: 'Nach ehrlicher Elle gemessen, die hier ein Meter ist.',
    goods: `
Flemish Broadcloth | Flämisches Tuch | 42 | Fulled wool that sheds the rain. | Gewalkte Wolle, von der der Regen abläuft.
Shetland Tweed | Shetland-Tweed | 38 | Herringbone in peat and moss. | Fischgrat in Torf und Moos.
Harris Tweed | Harris-Tweed | 49 | Woven at home on the islands. | Auf den Inseln zu Hause gewebt.
Loden Green | Loden grün | 36 | Dense and warm, brushed one way. | Dicht und warm, in einer Richtung gebürstet.
Merino Jersey | Merino-Jersey | 24 | Soft enough for children. | Weich genug für Kinder.
Lambswool Plaid | Lammwollplaid | 29 | Checks for cold decks. | Karos für kalte Decks.
Bremen Blue Serge | Bremer blauer Serge | 31 | The cloth of pilots and captains. | Das Tuch der Lotsen und Kapitäne.
Linen Flax Natural | Flachsleinen natur | 18 | Heavy, unbleached, softens for years. | Schwer, ungebleicht, wird über Jahre weicher.
Linen Damask White | Leinendamast weiß | 27 | For tables of twelve. | Für Tafeln zu zwölft.
Sailcloth No. 4 | Segeltuch Nr. 4 | 16 | Cotton duck for bags and hatches. | Baumwollköper für Taschen und Luken.
Waxed Canvas | Gewachstes Leinen | 22 | Refresh it with the tin from the ship chandler. | Mit der Dose vom Schiffsbedarf frischt man es auf.
Indigo Denim | Indigo-Denim | 19 | Woven on shuttle looms. | Auf Schützenstühlen gewebt.
Striped Ticking | Gestreifter Drell | 12 | Pillows, aprons, cabin curtains. | Kissen, Schürzen, Vorhänge für die Kajüte.
Calico Unbleached | Nessel ungebleicht | 6 | For first tries. | Für erste Versuche.
Cotton Poplin | Baumwollpopeline | 11 | Crisp shirts. | Knackige Hemden.
Corduroy Umber | Cord umbra | 21 | Eight wales to the inch. | Acht Rippen auf den Zoll.
Silk Habotai | Seide Habotai | 33 | Light as breath. | Leicht wie Atem.
Silk Brocade Lübeck | Seidenbrokat Lübeck | 88 | For those who were elected to something. | Für alle, die zu etwas gewählt wurden.
Hemp Canvas | Hanfleinwand | 17 | Stronger than cotton, and older. | Stärker als Baumwolle, und älter.
Felt Saxony | Filz Sachsen | 14 | Three millimetres, does not fray. | Drei Millimeter, franst nicht aus.
`,
  },
  {
    id: 'fish',
    name: 'Fish and salt',
    instrument: 'SHOP.FISH',
    taxBasisPoints: 700,
    prefix: 'FIS',
    keywords: 'fisch herring salz sea preserved',
    sizes: [
      { en: 'Tin', de: 'Dose', factor: 1 },
      { en: 'Six tins', de: 'Sechs Dosen', factor: 5.5 },
    ],
    says: 'Caught, salted and sealed on the coast.',
    saysGerman: 'An der Küste gefangen, gesalzen und verschlossen.',
    goods: `
Matjes in Oil | Matjes in Öl | 7 | Young herring, mild. | Junger Hering, mild.
Bismarck Herring | Bismarckhering | 6 | In vinegar with onions. | In Essig mit Zwiebeln.
Smoked Sprats Kiel | Kieler Sprotten | 8 | Over beech and alder. | Über Buche und Erle geräuchert.
Smoked Eel Fillets | Räucheraalfilets | 22 | From the Schlei; a treat. | Aus der Schlei; etwas Besonderes.
Sardines Millésime | Jahrgangssardinen | 9 | They ripen in the tin like wine. | Sie reifen in der Dose wie Wein.
Anchovies Cantabria | Sardellen Kantabrien | 12 | Filleted by hand. | Von Hand filetiert.
Mackerel Peppered | Pfeffermakrele | 6 | For black bread. | Für Schwarzbrot.
Stockfish Lofoten | Stockfisch Lofoten | 24 | Dried by the wind, keeps for years. | Vom Wind getrocknet, hält Jahre.
Cod Liver | Dorschleber | 7 | Smoked; on toast with lemon. | Geräuchert; auf Toast mit Zitrone.
Salmon Graved | Graved Lachs | 18 | With dill and juniper. | Mit Dill und Wacholder.
Trout Caviar | Forellenkaviar | 16 | Small, bright and firm. | Klein, hell und fest.
Shrimps Büsum | Büsumer Krabben | 14 | Peeled, grey and sweet. | Gepult, grau und süß.
Mussels Sylt | Sylter Muscheln | 9 | In white wine. | In Weißwein.
Lüneburg Salt | Lüneburger Salz | 4 | Boiled from brine; what the Hanse was built on. | Aus Sole gesotten; worauf die Hanse gebaut war.
Fleur de Sel | Fleur de Sel | 8 | Scraped off the pans in summer. | Im Sommer von den Becken geschöpft.
Smoked Salt | Rauchsalz | 7 | Cold smoked over oak. | Kalt über Eiche geräuchert.
Seaweed Dulse | Lappentang | 9 | Dried, from the Breton coast. | Getrocknet, von der bretonischen Küste.
Fish Soup Blankenese | Blankeneser Fischsuppe | 8 | A jar that saves the evening. | Ein Glas, das den Abend rettet.
Roe Paste Nordic | Nordische Rogencreme | 5 | In a tube, as it must be. | In der Tube, wie es sein muss.
Crab Bisque | Krebsbisque | 9 | With a spoon of brandy. | Mit einem Löffel Weinbrand.
`,
  },
  {
    id: 'pantry',
    name: 'Pantry',
    instrument: 'SHOP.PANTRY',
    taxBasisPoints: 700,
    prefix: 'PAN',
    keywords: 'vorrat jar sweet preserves honey',
    sizes: [
      { en: 'Small jar', de: 'Kleines Glas', factor: 1 },
      { en: 'Large jar', de: 'Großes Glas', factor: 1.8 },
    ],
    says: 'Keeps well in a cool cupboard.',
    saysGerman: 'Hält sich gut im kühlen Schrank.',
    goods: `
Heather Honey | Heidehonig | 9 | Thick, tart and dark, from the heath. | Dick, herb und dunkel, aus der Heide.
Lime Blossom Honey | Lindenblütenhonig | 8 | From the city’s avenues. | Aus den Alleen der Stadt.
Rapeseed Honey | Rapshonig | 6 | White and creamy. | Weiß und cremig.
Marzipan Lübeck | Lübecker Marzipan | 7 | More almonds than sugar, and it shows. | Mehr Mandeln als Zucker, und man schmeckt es.
Plum Butter | Pflaumenmus | 6 | Cooked for a day, no sugar added. | Einen Tag gekocht, ohne Zucker.
Sour Cherry Jam | Sauerkirschkonfitüre | 6 | From the Altes Land. | Aus dem Alten Land.
Quince Jelly | Quittengelee | 7 | Amber, with the scent of November. | Bernstein, mit dem Duft des Novembers.
Sea Buckthorn Jam | Sanddornkonfitüre | 8 | Sour and orange, from the dunes. | Sauer und orange, aus den Dünen.
Rock Sugar Brown | Kluntje braun | 4 | Cracks when the tea is poured. | Knackt, wenn der Tee darüberläuft.
Treacle | Sirup | 4 | For gingerbread. | Für Lebkuchen.
Mustard Coarse | Grober Senf | 5 | With whole seeds. | Mit ganzen Körnern.
Mustard Sweet | Süßer Senf | 5 | For sausages from the south. | Für Würste aus dem Süden.
Horseradish Cream | Meerrettichsahne | 5 | It clears the head. | Macht den Kopf frei.
Pickled Gherkins | Gewürzgurken | 5 | With dill and mustard seed. | Mit Dill und Senfkörnern.
Beetroot Pickled | Eingelegte Rote Bete | 5 | For Labskaus. | Zum Labskaus.
Rapeseed Oil Cold Pressed | Rapsöl kalt gepresst | 9 | Golden and nutty. | Golden und nussig.
Cider Vinegar | Apfelessig | 6 | From windfalls, in the cask. | Aus Fallobst, im Fass.
Red Berry Groats | Rote Grütze | 7 | Ready for cold cream. | Fertig für kalte Sahne.
Hazelnut Spread | Haselnussaufstrich | 8 | Roasted nuts and dark cocoa. | Geröstete Nüsse und dunkler Kakao.
Ship’s Biscuit | Schiffszwieback | 4 | Harder than it looks; dip it. | Härter, als er aussieht; man tunkt ihn ein.
`,
  },
  {
    id: 'ship',
    name: 'Ship chandler',
    instrument: 'SHOP.SHIP',
    taxBasisPoints: 1_900,
    prefix: 'SHI',
    keywords: 'schiff boat brass nautical harbour',
    sizes: [
      { en: 'Standard', de: 'Normal', factor: 1 },
      { en: 'Large', de: 'Groß', factor: 1.6 },
    ],
    says: 'Proved on deck before it came to the shelf.',
    saysGerman: 'An Deck erprobt, bevor es ins Regal kam.',
    goods: `
Brass Compass | Messingkompass | 84 | Liquid damped, in gimbals. | Flüssigkeitsgedämpft, kardanisch aufgehängt.
Pocket Compass | Taschenkompass | 29 | For pilots who walk. | Für Lotsen, die zu Fuß gehen.
Aneroid Barometer | Aneroidbarometer | 96 | Tells of the gale before the forecast does. | Weiß vom Sturm, bevor es der Wetterbericht weiß.
Ship’s Clock | Schiffsuhr | 128 | Eight days, striking the watches. | Acht Tage Gang, schlägt die Wachen.
Sextant Replica | Sextant, Nachbau | 145 | Brass, working, in a mahogany box. | Messing, gebrauchsfähig, im Mahagonikasten.
Boatswain’s Whistle | Bootsmannspfeife | 19 | With lanyard. | Mit Bändsel.
Ship’s Bell | Schiffsglocke | 67 | Cast bronze, room for a name. | Gegossene Bronze, mit Platz für einen Namen.
Hurricane Lamp | Sturmlaterne | 34 | Burns twenty hours. | Brennt zwanzig Stunden.
Anchor Lantern | Ankerlaterne | 58 | Copper, all round white. | Kupfer, weiß nach allen Seiten.
Hemp Rope 12 mm | Hanftau 12 mm | 3 | By the metre, three strand, tarred. | Vom Meter, dreischäftig, geteert.
Manila Rope 20 mm | Manilatau 20 mm | 5 | By the metre. | Vom Meter.
Marline Twine | Hüsing | 8 | For whippings and lashings. | Für Taklings und Bändsel.
Marlinspike | Marlspieker | 16 | Forged steel. | Geschmiedeter Stahl.
Rigging Knife | Takelmesser | 44 | Sheepsfoot blade, beech handle. | Gerade Klinge, Griff aus Buche.
Oilskin Jacket | Ölzeugjacke | 139 | Yellow, heavy, for life. | Gelb, schwer, fürs Leben.
Sou’wester | Südwester | 28 | Keeps the neck dry. | Hält den Nacken trocken.
Fisherman’s Sweater | Fischertroyer | 98 | Dense wool, seven buttons on the shoulder. | Dichte Wolle, sieben Knöpfe an der Schulter.
Prince Heinrich Cap | Prinz-Heinrich-Mütze | 42 | Navy wool with cord. | Marineblaue Wolle mit Kordel.
Sea Chest | Seekiste | 210 | Pine, dovetailed, with rope handles. | Kiefer, gezinkt, mit Griffen aus Tau.
Knot Board | Knotentafel | 37 | Twenty-four knots on oak. | Vierundzwanzig Knoten auf Eiche.
`,
  },
  {
    id: 'amber',
    name: 'Amber and silver',
    instrument: 'SHOP.AMBER',
    taxBasisPoints: 1_900,
    prefix: 'AMB',
    keywords: 'bernstein jewellery necklace silver gift',
    sizes: [
      { en: 'Honey', de: 'Honig', factor: 1 },
      { en: 'Cognac', de: 'Cognac', factor: 1.1 },
      { en: 'Milk white', de: 'Milchweiß', factor: 1.3 },
    ],
    says: 'Baltic amber, some forty million years old; each piece differs.',
    saysGerman: 'Bernstein der Ostsee, gut vierzig Millionen Jahre alt; kein Stück gleicht dem anderen.',
    goods: `
Amber Drop Pendant | Bernsteintropfen | 48 | A single drop on silver. | Ein einzelner Tropfen an Silber.
Amber Bead Necklace | Bernsteinkette | 120 | Graduated round beads. | Runde Perlen im Verlauf.
Amber Chip Bracelet | Armband aus Bernsteinsplittern | 26 | Polished by tumbling. | In der Trommel poliert.
Amber Stud Earrings | Bernsteinstecker | 32 | Small suns. | Kleine Sonnen.
Amber Signet Ring | Siegelring mit Bernstein | 89 | Silver, oval stone. | Silber, ovaler Stein.
Amber with Inclusion | Bernstein mit Einschluss | 175 | A gnat that saw the forest. | Eine Mücke, die den Wald noch sah.
Raw Amber Handful | Eine Handvoll Rohbernstein | 38 | As the sea gives it. | Wie die See ihn gibt.
Amber Cufflinks | Manschettenknöpfe mit Bernstein | 74 | For the evening at the guild. | Für den Abend in der Gilde.
Amber Brooch Cog | Bernsteinbrosche Kogge | 96 | A Hanse ship in silver and amber. | Ein Hanseschiff aus Silber und Bernstein.
Amber Prayer Beads | Gebetskette aus Bernstein | 82 | Thirty-three stones. | Dreiunddreißig Steine.
Amber Chess Pawn | Schachbauer aus Bernstein | 58 | To replace the one that was lost. | Als Ersatz für den verlorenen.
Amber Letter Seal | Briefsiegel aus Bernstein | 63 | Engraved to order. | Nach Wunsch graviert.
Silver Cog Spoon | Silberlöffel mit Kogge | 54 | A ship on the handle. | Ein Schiff am Stiel.
Silver Beaker Riga | Silberbecher Riga | 230 | After a guild beaker of 1650. | Nach einem Gildebecher von 1650.
Silver Thimble | Fingerhut aus Silber | 29 | Fits the sailmaker’s daughter. | Passt der Tochter des Segelmachers.
Silver Salt Cellar | Salzfass aus Silber | 110 | With blue glass. | Mit blauem Glas.
Silver Book Clasp | Buchschließe aus Silber | 77 | For ledgers and bibles. | Für Hauptbücher und Bibeln.
Silver Filigree Button | Silberner Filigranknopf | 24 | As worn in the Altes Land. | Wie man ihn im Alten Land trägt.
Silver Watch Chain | Uhrkette aus Silber | 135 | Heavy links. | Schwere Glieder.
Silver Compass Charm | Silberanhänger Kompass | 31 | Always points to the wearer. | Zeigt immer auf den, der ihn trägt.
`,
  },
  {
    id: 'books',
    name: 'Books and paper',
    instrument: 'SHOP.BOOKS',
    taxBasisPoints: 700,
    prefix: 'BOO',
    keywords: 'buch bücher reading notebook writing',
    sizes: [
      { en: 'Paper cover', de: 'Broschiert', factor: 1 },
      { en: 'Cloth cover', de: 'Leinen', factor: 1.7 },
    ],
    says: 'Sewn, so that it opens flat.',
    saysGerman: 'Fadengeheftet, damit es flach liegt.',
    goods: `
The Merchant’s Ledger | Das Hauptbuch des Kaufmanns | 18 | Double entry, ruled, two hundred pages. | Doppelte Buchführung, liniert, zweihundert Seiten.
Log Book | Logbuch | 16 | Columns for course, wind and weather. | Spalten für Kurs, Wind und Wetter.
Sea Chart Baltic 1657 | Seekarte Ostsee 1657 | 34 | A fine reprint, folded. | Ein schöner Nachdruck, gefaltet.
Sea Chart North Sea 1686 | Seekarte Nordsee 1686 | 34 | With monsters where nobody had been. | Mit Ungeheuern, wo niemand gewesen war.
Atlas of Hanse Towns | Atlas der Hansestädte | 48 | Two hundred towns and their marks. | Zweihundert Städte und ihre Marken.
History of the Kontore | Geschichte der Kontore | 29 | London, Bruges, Bergen, Novgorod. | London, Brügge, Bergen, Nowgorod.
The Steelyard | Der Stalhof | 22 | Germans in London for six hundred years. | Sechshundert Jahre Deutsche in London.
Bergen Nights | Nächte in Bergen | 17 | A novel among stockfish and snow. | Ein Roman zwischen Stockfisch und Schnee.
The Pilot of Neuwerk | Der Lotse von Neuwerk | 15 | A crime story in the fog. | Ein Krimi im Nebel.
Low German Primer | Plattdeutsche Fibel | 14 | From moin to tschüss. | Von moin bis tschüss.
Songs of the Capstan | Lieder vom Gangspill | 13 | With tunes. | Mit Noten.
Knots and Splices | Knoten und Spleiße | 16 | Clear drawings, step by step. | Klare Zeichnungen, Schritt für Schritt.
Weather for Sailors | Wetter für Segler | 19 | Clouds, and what they mean. | Wolken, und was sie bedeuten.
Cooking on Board | Kochen an Bord | 18 | Two flames, one pot. | Zwei Flammen, ein Topf.
Tea: a History | Tee: eine Geschichte | 21 | Leaves, wars and porcelain. | Blätter, Kriege und Porzellan.
Pepper and Power | Pfeffer und Macht | 23 | How a berry made empires. | Wie eine Beere Reiche schuf.
Double Entry | Doppelte Buchführung | 20 | Why books must balance. | Warum Bücher aufgehen müssen.
Letter Paper Laid | Büttenbriefpapier | 12 | Fifty sheets with envelopes. | Fünfzig Bogen mit Umschlägen.
Iron Gall Ink | Eisengallustinte | 11 | Darkens as it dries; lasts for centuries. | Dunkelt beim Trocknen nach; hält Jahrhunderte.
Sealing Wax Red | Siegellack rot | 9 | Six sticks. | Sechs Stangen.
`,
  },
];
